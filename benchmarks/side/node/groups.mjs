import { QueriesObserver } from './core.mjs'
import { item, newClient } from './data.mjs'
import { isWanted, row, same } from './timing.mjs'

async function group(size, isCombined) {
  const name = `queries_observer/one_update_of_${size}${isCombined ? '_combine' : ''}`
  if (!isWanted(name)) return
  const client = newClient()
  for (let i = 0; i < size; i++) client.setQueryData(['q', i], { id: i, v: 0 })
  const queries = Array.from({ length: size }, (_, i) => ({ queryKey: ['q', i], queryFn: async () => item(1), staleTime: Infinity }))
  const combine = isCombined ? (results) => results.map((result) => result.data) : undefined
  const observer = new QueriesObserver(client, queries, { combine })
  let told = 0
  let last
  const defaulted = queries.map((query) => client.defaultQueryOptions(query))
  const unsubscribe = observer.subscribe((results) => {
    told++
    // what useQueries does to get the combined value
    last = isCombined ? observer.getOptimisticResult(defaulted, combine)[1]() : results
  })
  let version = 1
  await row(
    name,
    (times) => {
      for (let i = 0; i < times; i++) client.setQueryData(['q', i % size], { id: i % size, v: version++ })
    },
    {
      prove: () => {
        told = 0
        client.setQueryData(['q', 0], { id: 0, v: version })
        same([told, last.length, (isCombined ? last[0] : last[0].data).v], [1, size, version++], 'calls, results, the first')
      },
    },
  )
  unsubscribe()
  client.clear()
}

export default async function groups() {
  for (const size of [10, 100, 1_000]) for (const isCombined of [false, true]) await group(size, isCombined)
}
