import { dehydrate, hydrate } from './core.mjs'
import { item, newClient } from './data.mjs'
import { isWanted, row, same } from './timing.mjs'

export default async function hydration() {
  const size = 10_000
  const name = (what) => `${what}_per_query`
  if (!isWanted(...['dehydrate/10k', 'hydrate/10k', 'hydrate/10k_json_roundtrip'].map(name))) return
  const client = newClient()
  for (let i = 0; i < size; i++) client.setQueryData(['todos', i, { page: 1 }], item(i))
  const state = dehydrate(client)
  let target
  const prepare = () => {
    target?.clear()
    target = newClient()
  }
  const prove = () => {
    same(target.getQueryCache().getAll().length, size, 'queries')
    same(target.getQueryData(['todos', 7, { page: 1 }]), item(7), 'the data of one')
  }
  await row(name('dehydrate/10k'), () => void dehydrate(client), { times: 1, per: size, prove: () => same(dehydrate(client).queries.length, size, 'queries') })
  await row(name('hydrate/10k'), () => hydrate(target, state), { times: 1, per: size, prepare, prove })
  await row(name('hydrate/10k_json_roundtrip'), () => hydrate(target, JSON.parse(JSON.stringify(dehydrate(client)))), { times: 1, per: size, prepare, prove })
  client.clear()
  target?.clear()
}
