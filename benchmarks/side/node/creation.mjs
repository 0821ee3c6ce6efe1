import { newClient } from './data.mjs'
import { row, same } from './timing.mjs'

export default async function creation() {
  const size = 10_000
  let client, keys
  const start = () => {
    client?.clear()
    client = newClient()
    keys = Array.from({ length: size }, (_, i) => ['todos', i, { page: 1 }])
  }
  const fill = () => {
    for (let i = 0; i < size; i++) client.setQueryData(keys[i], { id: i })
  }
  const queries = () => client.getQueryCache().getAll().length
  await row('create/10k_per_query', fill, { times: 1, per: size, prepare: start, prove: () => same(queries(), size, 'queries') })
  client?.clear()
  await row(
    'create/10k_and_gc_per_query',
    async () => {
      // the time by query, since a client with default options would be slow
      for (let i = 0; i < size; i++) {
        const query = client.getQueryCache().build(client, client.defaultQueryOptions({ queryKey: keys[i], gcTime: 1 }))
        query.setData({ id: i }, { manual: true })
      }
      while (queries()) await new Promise((resolve) => setTimeout(resolve, 1))
    },
    { times: 1, per: size, prepare: start, prove: () => same(queries(), 0, 'queries that are left') },
  )
  await row('clear/10k_per_query', () => client.clear(), {
    times: 1,
    per: size,
    prepare: () => {
      start()
      fill()
    },
    prove: () => same(queries(), 0, 'queries that are left'),
  })
}
