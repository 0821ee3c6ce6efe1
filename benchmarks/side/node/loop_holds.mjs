import { dehydrate, hydrate } from './core.mjs'
import { item, newClient } from './data.mjs'
import { isWanted, row, same } from './timing.mjs'

export default async function loopHolds() {
  const size = 100_000
  const names = ['first_prefix_op', 'invalidate_all', 'hydrate', 'clear'].map((name) => `block/${name}_100k`)
  if (!isWanted(...names)) return
  let client = newClient()
  const fill = () => {
    client.clear()
    client = newClient()
    for (let i = 0; i < size; i++) client.setQueryData(['g', Math.floor(i / 10), i % 10], item(i))
  }
  const holding = (name, call, prove, prepare) => row(name, () => void call(), { times: 1, samples: 1, warmUps: 0, prepare, prove })
  const all = () => client.getQueryCache().getAll()
  const find = () => client.getQueryCache().findAll({ queryKey: ['g', 7] })
  await holding(names[0], find, () => same(find().length, 10, 'what the prefix found'), fill)
  fill()
  await holding(names[1], () => client.invalidateQueries(), () => same(all().every((query) => query.state.isInvalidated), true, 'whether all are marked'), () => {
    for (const query of all()) if (query.state.isInvalidated) query.setState({ isInvalidated: false })
  })
  fill()
  const state = dehydrate(client)
  await holding(names[2], () => hydrate(client, state), () => same(all().length, size, 'queries'), () => {
    client.clear()
    client = newClient()
  })
  await holding(names[3], () => client.clear(), () => same(all().length, 0, 'queries that are left'), fill)
  client.clear()
}
