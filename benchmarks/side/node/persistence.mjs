import { dehydrate, hydrate } from './core.mjs'
import { filled, newClient, proveFilled } from './data.mjs'
import { isWanted, row } from './timing.mjs'

export default async function persistence() {
  const size = 10_000
  const name = 'persist/roundtrip_10k'
  if (!isWanted(name)) return
  const client = filled(size)
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
      prove: () => proveFilled(target, size),
    },
  )
  client.clear()
  target?.clear()
}
