import { QueryObserver } from './core.mjs'
import { filled, item, numberedKey } from './data.mjs'
import { isWanted, record, stopwatch } from './timing.mjs'

export default async function memory() {
  const size = 10_000
  const heap = () => {
    gc()
    gc()
    return process.memoryUsage().heapUsed
  }
  const making = {
    'memory/bytes_per_query_gc5min': () => filled(size),
    'memory/bytes_per_query_gcInf': () => filled(size, Infinity),
    // query-core has no index: the same again
    'memory/bytes_per_query_indexed': () => filled(size),
    'memory/bytes_per_observed_query': () => {
      const client = filled(size)
      client.unsubscribes = Array.from({ length: size }, (_, i) => new QueryObserver(client, { queryKey: numberedKey(i), staleTime: Infinity }).subscribe(() => {}))
      return client
    },
    'memory/bytes_raw_key_and_data': () => {
      const pairs = Array.from({ length: size }, (_, i) => [numberedKey(i), item(i)])
      return { clear: () => (pairs.length = 0) }
    },
  }
  for (const [name, make] of Object.entries(making)) {
    if (!isWanted(name)) continue
    const values = []
    for (let round = 0; round < 3; round++) {
      const before = heap()
      let held = make()
      values.push((heap() - before) / size)
      for (const unsubscribe of held.unsubscribes ?? []) unsubscribe()
      held.clear()
      held = null
      heap()
    }
    record(name, values, 'bytes')
  }
  const pause = (name, make) => {
    if (!isWanted(name)) return
    const held = make()
    gc()
    const values = []
    for (let i = 0; i < 5; i++) {
      const passed = stopwatch()
      gc()
      values.push(passed() * 1e6)
    }
    record(name, values)
    held.clear?.()
  }
  pause('gc_pause/full_collect_100k_queries', () => filled(100_000))
  pause('gc_pause/full_collect_100k_raw_keys_and_data', () => Array.from({ length: 100_000 }, (_, i) => [numberedKey(i), item(i)]))
}
