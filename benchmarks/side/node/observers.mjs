import { QueryObserver, notifyManager } from './core.mjs'
import { item, newClient, short, turn, typicalKey } from './data.mjs'
import { isWanted, row, same } from './timing.mjs'

const ignore = () => {}

async function fanOut(size) {
  if (!isWanted(`notify_sync/${size}_observers`, `notify_batched/${size}_observers`)) return
  const options = { queryKey: ['watched'], queryFn: async () => item(1), staleTime: Infinity }
  let told = 0
  let number = 1
  const watch = (client, wrap) =>
    Array.from({ length: size }, () =>
      new QueryObserver(client, options).subscribe(
        wrap(() => {
          told++
        }),
      ),
    )
  const write = (client) => client.setQueryData(['watched'], { id: number++, name: 'item', done: false })
  const prove = (client) => async () => {
    await turn()
    told = 0
    write(client)
    await turn()
    same(told, size, 'listeners that were told')
  }
  const atOnce = newClient()
  atOnce.setQueryData(['watched'], item(0))
  const unsubscribes = watch(atOnce, (listener) => listener)
  await row(
    `notify_sync/${size}_observers`,
    (times) => {
      for (let i = 0; i < times; i++) write(atOnce)
    },
    { prove: prove(atOnce) },
  )
  for (const unsubscribe of unsubscribes) unsubscribe()
  atOnce.clear()
  const later = newClient()
  later.setQueryData(['watched'], item(0))
  const others = watch(later, (listener) => notifyManager.batchCalls(listener))
  // Node's setTimeout(0) is a whole millisecond: without it the cost is timed, not the timer
  notifyManager.setScheduler((callback) => setImmediate(callback))
  await row(
    `notify_batched/${size}_observers`,
    async (times) => {
      for (let i = 0; i < times; i++) {
        write(later)
        await turn()
      }
    },
    { prove: prove(later) },
  )
  notifyManager.setScheduler((callback) => setTimeout(callback, 0))
  for (const unsubscribe of others) unsubscribe()
  later.clear()
}

async function one() {
  const client = newClient()
  const options = { queryKey: typicalKey(), queryFn: async () => item(1), staleTime: Infinity }
  client.setQueryData(typicalKey(), item(0))
  const watched = () => client.getQueryCache().find({ queryKey: typicalKey() }).getObserversCount()
  const prove = () => {
    const observer = new QueryObserver(client, options)
    same(observer.getCurrentResult().data, item(0), 'the data of a result')
    const unsubscribe = observer.subscribe(ignore)
    same(watched(), 1, 'observers')
    unsubscribe()
    same(watched(), 0, 'observers that are left')
  }
  await row(
    'observer/construct',
    (times) => {
      let x
      for (let i = 0; i < times; i++) x = new QueryObserver(client, options)
      return void x
    },
    { prove },
  )
  await row(
    'observer/mount_unmount',
    (times) => {
      for (let i = 0; i < times; i++) new QueryObserver(client, options).subscribe(ignore)()
    },
    { prove },
  )
  const kept = new QueryObserver(client, options)
  await row(
    'observer/resubscribe',
    (times) => {
      for (let i = 0; i < times; i++) kept.subscribe(ignore)()
    },
    { prove },
  )
  await row(
    'observer/set_options_same',
    (times) => {
      for (let i = 0; i < times; i++) kept.setOptions({ ...options })
    },
    { prove },
  )
  const key = ['selected']
  client.setQueryData(key, { id: 5, name: 'n', done: false })
  const selecting = new QueryObserver(client, { ...options, queryKey: key, select: (data) => data.id })
  const unsubscribe = selecting.subscribe(ignore)
  let number = 1
  await row(
    'observer/select_unchanged_set_data',
    (times) => {
      for (let i = 0; i < times; i++) client.setQueryData(key, { id: 5, name: `n${number++}`, done: false })
    },
    { prove: () => same(selecting.getCurrentResult().data, 5, 'what was selected') },
  )
  unsubscribe()
  client.clear()
}

async function mounting(size) {
  const client = newClient()
  const options = { queryKey: ['mounted'], queryFn: async () => item(1), staleTime: Infinity }
  client.setQueryData(['mounted'], item(0))
  const query = client.getQueryCache().find({ queryKey: ['mounted'] })
  let most = 0
  await row(
    `observer/mount_unmount_${short(size)}_on_one_query_per_observer`,
    () => {
      const unsubscribes = Array.from({ length: size }, () => new QueryObserver(client, options).subscribe(ignore))
      most = query.getObserversCount()
      for (const unsubscribe of unsubscribes) unsubscribe()
    },
    { times: 1, per: size, samples: 5, warmUps: 1, prove: () => same([most, query.getObserversCount()], [size, 0], 'observers, most and left') },
  )
  client.clear()
}

export default async function observers() {
  for (const size of [1, 100, 10_000]) await fanOut(size)
  await one()
  for (const size of [1_000, 10_000]) await mounting(size)
}
