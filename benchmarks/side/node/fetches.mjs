import { FIVE_MINUTES, item, newClient, turn, typicalKey } from './data.mjs'
import { row, same } from './timing.mjs'

const MISSES = 2000
const CALLERS = 1000

export default async function fetches() {
  for (const [tag, gcTime] of [['gc5min', FIVE_MINUTES], ['gcInf', Infinity]]) {
    let client, keys
    await row(
      `fetch_miss/immediate_${tag}`,
      async () => {
        for (let i = 0; i < MISSES; i++) await client.fetchQuery({ queryKey: keys[i], queryFn: async () => item(i) })
      },
      {
        times: 1,
        per: MISSES,
        prepare: () => {
          client?.clear()
          client = newClient(gcTime)
          keys = Array.from({ length: MISSES }, (_, i) => typicalKey(i))
        },
        prove: () => {
          same(client.getQueryCache().getAll().length, MISSES, 'queries')
          same(client.getQueryData(typicalKey(7)), item(7), 'the data of one')
        },
      },
    )
    client?.clear()
  }
  const client = newClient()
  let calls = 0
  const refetch = async (name, queryKey, wait) => {
    const options = { queryKey, queryFn: wait ? async () => (calls++, await wait(), item(1)) : async () => (calls++, item(1)), staleTime: 0 }
    await row(
      name,
      async (times) => {
        for (let i = 0; i < times; i++) await client.fetchQuery(options)
      },
      {
        prove: async () => {
          calls = 0
          same(await client.fetchQuery(options), item(1), 'the data')
          await client.fetchQuery(options)
          same(calls, 2, 'calls of the query function')
        },
      },
    )
  }
  await refetch('fetch_stale/refetch_existing', typicalKey())
  await refetch('fetch_stale/one_suspend', ['suspending'], () => null)
  await refetch('fetch_stale/one_loop_turn', ['turning'], turn)
  const options = { queryKey: ['gathered'], queryFn: async () => (calls++, await turn(), item(1)), staleTime: 0 }
  const callers = () => Promise.all(Array.from({ length: CALLERS }, () => client.fetchQuery(options)))
  // a promise has no task: the two rows of ours are one here
  for (const name of ['fetch_dedup/1000_callers_per_caller', 'fetch_dedup/1000_futures_per_caller']) {
    await row(
      name,
      async (times) => {
        for (let i = 0; i < times; i++) await callers()
      },
      {
        per: CALLERS,
        prove: async () => {
          calls = 0
          same((await callers()).length, CALLERS, 'what the callers got')
          same(calls, 1, 'calls of the query function')
        },
      },
    )
  }
  client.clear()
}
