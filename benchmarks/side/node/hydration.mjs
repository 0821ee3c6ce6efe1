import { dehydrate, hydrate } from './core.mjs'
import { filled, newClient, proveFilled, short } from './data.mjs'
import { isWanted, row, same } from './timing.mjs'

export default async function hydration() {
  for (const size of [1_000, 10_000, 100_000]) await takeOver(size)
}

async function takeOver(size) {
  const tag = short(size)
  const names = [`dehydrate/${tag}`, `hydrate/${tag}`, `hydrate/${tag}_json_roundtrip`].map((name) => `${name}_per_query`)
  if (!isWanted(...names)) return
  const client = filled(size)
  const state = dehydrate(client)
  let target
  const prepare = () => {
    target?.clear()
    target = newClient()
  }
  const prove = () => proveFilled(target, size)
  await row(names[0], () => void dehydrate(client), { times: 1, per: size, prove: () => same(dehydrate(client).queries.length, size, 'queries') })
  await row(names[1], () => hydrate(target, state), { times: 1, per: size, samples: size > 10_000 ? 2 : 7, warmUps: size > 10_000 ? 0 : 3, prepare, prove })
  await row(names[2], () => hydrate(target, JSON.parse(JSON.stringify(dehydrate(client)))), { times: 1, per: size, prepare, prove })
  client.clear()
  target?.clear()
}
