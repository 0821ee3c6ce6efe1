import { dehydrate, hydrate } from './core.mjs'
import { invalid, item, newClient, unmark } from './data.mjs'
import { isWanted, record, row, same, stopwatch } from './timing.mjs'

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
  if (isWanted(names[0])) {
    const runs = [0, 1].map(() => {
      fill()
      return Array.from({ length: 50 }, (_, i) => {
        const passed = stopwatch()
        const found = client.getQueryCache().findAll({ queryKey: ['g', i] })
        const taken = passed()
        same(found.length, 10, 'what the prefix found')
        return taken
      })
    })
    record(names[0], [Math.max(...runs[0].map((taken, i) => Math.min(taken, runs[1][i]))) * 1e6])
  }
  fill()
  await holding(names[1], () => client.invalidateQueries(), () => same(invalid(client).length, size, 'queries that are marked'), () => unmark(client))
  fill()
  const state = dehydrate(client)
  await holding(names[2], () => hydrate(client, state), () => same(all().length, size, 'queries'), () => {
    client.clear()
    client = newClient()
  })
  await holding(names[3], () => client.clear(), () => same(all().length, 0, 'queries that are left'), fill)
  client.clear()
}
