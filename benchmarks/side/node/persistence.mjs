import { dehydrate, hydrate } from './core.mjs'
import { item, newClient } from './data.mjs'
import { isWanted, row, same } from './timing.mjs'

export default async function persistence() {
  const size = 10_000
  const name = 'persist/roundtrip_10k'
  if (!isWanted(name)) return
  const client = newClient()
  for (let i = 0; i < size; i++) client.setQueryData(['todos', i, { page: 1 }], item(i))
  const storage = new Map()
  let target
  // what query-persist-client-core does with a persister of text
  await row(
    name,
    async () => {
      storage.set('client', JSON.stringify({ buster: '', timestamp: Date.now(), clientState: dehydrate(client) }))
      hydrate(target, JSON.parse(storage.get('client')).clientState)
    },
    {
      times: 1,
      per: size,
      samples: 5,
      prepare: () => {
        target?.clear()
        target = newClient()
      },
      prove: () => {
        same(target.getQueryCache().getAll().length, size, 'queries')
        same(target.getQueryData(['todos', 7, { page: 1 }]), item(7), 'the data of one')
      },
    },
  )
  client.clear()
  target?.clear()
}
