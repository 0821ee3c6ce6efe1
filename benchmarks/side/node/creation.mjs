import { newClient, numberedKey, queriesOf, short } from './data.mjs'
import { isWanted, row, same } from './timing.mjs'

export default async function creation() {
  for (const size of [1_000, 10_000, 100_000]) await create(size)
}

async function create(size) {
  const names = [`create/${short(size)}_per_query`, `create/${short(size)}_and_gc_per_query`, `clear/${short(size)}_per_query`]
  if (!isWanted(...names)) return
  let client, keys
  const start = () => {
    client?.clear()
    client = newClient()
    keys = Array.from({ length: size }, (_, i) => numberedKey(i))
  }
  const fill = () => {
    for (let i = 0; i < size; i++) client.setQueryData(keys[i], { id: i })
  }
  const queries = () => queriesOf(client).length
  await row(names[0], fill, {
    times: 1,
    per: size,
    samples: size > 10_000 ? 2 : 7,
    warmUps: size > 10_000 ? 0 : 3,
    prepare: start,
    prove: () => same(queries(), size, 'queries'),
  })
  client?.clear()
  await row(
    names[1],
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
  await row(names[2], () => client.clear(), {
    times: 1,
    per: size,
    prepare: () => {
      start()
      fill()
    },
    prove: () => same(queries(), 0, 'queries that are left'),
  })
}
