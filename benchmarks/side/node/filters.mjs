import { invalid, item, newClient, short, unmark } from './data.mjs'
import { isWanted, row, same } from './timing.mjs'

const GROUP = 10
const names = (size) =>
  ['invalidate_prefix/10_of_', 'invalidate_prefix_none/10_of_', 'invalidate_exact/1_of_', 'invalidate_all/', 'find_all_prefix/10_of_', 'find_exact/1_of_',
    'find_all_active/0_of_', 'is_fetching/none_of_', 'is_fetching/prefix_of_', 'cache_event/refetch_with_is_fetching_indicator_', 'remove_prefix/10_of_',
  ].map((name) => name + short(size))

async function groups(size) {
  if (!isWanted(...names(size))) return
  const tag = short(size)
  const client = newClient()
  const cache = client.getQueryCache()
  const count = size / GROUP
  const rounds = size >= 100_000 ? 5 : size >= 10_000 ? 20 : 50
  for (let i = 0; i < size; i++) client.setQueryData(['g', Math.floor(i / GROUP), i % GROUP], item(i))
  let turn = 0
  const group = (i) => (turn + i * 7) % count
  const prepare = () => {
    unmark(client)
    turn += 13
  }
  const marking = async (name, each, calls, filters) => {
    const last = filters.exact ? [3] : []
    await row(
      name,
      async () => {
        for (let i = 0; i < calls; i++) await client.invalidateQueries({ queryKey: ['g', group(i), ...last], ...filters })
      },
      {
        times: 1,
        per: calls,
        prepare,
        warmUps: 1,
        prove: () => {
          const marked = new Set(Array.from({ length: calls }, (_, i) => group(i)))
          same(invalid(client).length, marked.size * each, 'queries that are marked')
        },
      },
    )
  }
  await marking(`invalidate_prefix/10_of_${tag}`, GROUP, rounds, {})
  await marking(`invalidate_prefix_none/10_of_${tag}`, GROUP, rounds, { refetchType: 'none' })
  await marking(`invalidate_exact/1_of_${tag}`, 1, size >= 100_000 ? 2 : 5, { exact: true })
  await row(
    `invalidate_all/${tag}`,
    async () => {
      await client.invalidateQueries()
    },
    { times: 1, prepare, prove: () => same(invalid(client).length, size, 'queries that are marked') },
  )
  const reading = async (name, read, wanted, samples) =>
    row(
      name,
      (times) => {
        let x
        for (let i = 0; i < times; i++) x = read(i)
        return void x
      },
      { samples, prove: () => same(wanted(read(7)), true, 'what was found') },
    )
  const samples = size >= 100_000 ? 5 : 7
  await reading(`find_all_prefix/10_of_${tag}`, (i) => cache.findAll({ queryKey: ['g', i % count] }), (found) => found.length === GROUP, samples)
  await reading(`find_exact/1_of_${tag}`, (i) => cache.find({ queryKey: ['g', (i * 37) % count, 5] }), (found) => found.queryKey[2] === 5, samples)
  await reading(`find_all_active/0_of_${tag}`, () => cache.findAll({ type: 'active' }), (found) => found.length === 0, samples)
  await reading(`is_fetching/none_of_${tag}`, () => client.isFetching(), (found) => found === 0, samples)
  await reading(`is_fetching/prefix_of_${tag}`, (i) => client.isFetching({ queryKey: ['g', i % count] }), (found) => found === 0, samples)
  // what useIsFetching does: count again after each event of the cache
  let shown = 0
  let most = 0
  let calls = 0
  const unsubscribe = cache.subscribe(() => {
    shown = client.isFetching()
    most = Math.max(most, shown)
  })
  const options = { queryKey: ['g', 1, 1], queryFn: async () => (calls++, item(11)), staleTime: 0 }
  await row(
    `cache_event/refetch_with_is_fetching_indicator_${tag}`,
    async (times) => {
      for (let i = 0; i < times; i++) await client.fetchQuery(options)
    },
    { samples: 5, warmUps: 1, prove: () => same([most, shown, calls], [1, 0, 1], 'what was shown, and calls') },
  )
  unsubscribe()
  const refill = () => {
    for (let j = 0; j < rounds; j++) for (let i = 0; i < GROUP; i++) client.setQueryData(['g', j, i], item(i))
  }
  await row(
    `remove_prefix/10_of_${tag}`,
    () => {
      for (let i = 0; i < rounds; i++) client.removeQueries({ queryKey: ['g', i] })
    },
    { times: 1, per: rounds, prepare: refill, prove: () => same(cache.getAll().length, size - rounds * GROUP, 'queries that are left') },
  )
  client.clear()
}

async function partialObjects() {
  const size = 10_000
  const name = 'invalidate_partial_object/1_of_10k'
  if (!isWanted(name)) return
  const client = newClient()
  const cache = client.getQueryCache()
  for (let i = 0; i < size; i++) client.setQueryData(['/projects/', { query: { cursor: i, per_page: 25 } }], item(i))
  const rounds = 20
  let turn = 0
  await row(
    name,
    async () => {
      for (let i = 0; i < rounds; i++) await client.invalidateQueries({ queryKey: ['/projects/', { query: { cursor: (turn + i * 7) % size } }] })
    },
    {
      times: 1,
      per: rounds,
      prepare: () => {
        unmark(client)
        turn += 13
      },
      prove: () => same(invalid(client).length, rounds, 'pages that are marked'),
    },
  )
  client.clear()
}

export default async function filters() {
  for (const size of [1_000, 10_000, 100_000]) await groups(size)
  await partialObjects()
}
