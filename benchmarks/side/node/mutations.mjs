import { MutationObserver } from './core.mjs'
import { newClient } from './data.mjs'
import { row, same } from './timing.mjs'

export default async function mutations() {
  const client = newClient()
  const running = (name, observer, seen) =>
    row(
      name,
      async (times) => {
        for (let i = 0; i < times; i++) await observer.mutate(i)
        client.getMutationCache().clear()
      },
      {
        prove: async () => {
          same(await observer.mutate(7), 7, 'what a mutation returned')
          if (seen) same([...seen].sort(), ['mutate', 'settled', 'success'], 'callbacks')
        },
      },
    )
  await running('mutate/observer_unsubscribed', new MutationObserver(client, { mutationFn: async (value) => value, gcTime: 0 }))
  const seen = new Set()
  const subscribed = new MutationObserver(client, {
    mutationFn: async (value) => value,
    gcTime: 0,
    onMutate: async () => (seen.add('mutate'), 1),
    onSuccess: async () => void seen.add('success'),
    onSettled: async () => void seen.add('settled'),
  })
  subscribed.subscribe(() => {})
  await running('mutate/observer_subscribed_callbacks', subscribed, seen)
  const size = 1000
  let order = []
  const options = { mutationFn: async (value) => (await new Promise(setImmediate), order.push(value), value), scope: { id: 'queue' }, gcTime: 0 }
  await row(
    'mutate/scoped_queue_1000',
    async () => {
      order = []
      await Promise.all(Array.from({ length: size }, (_, i) => new MutationObserver(client, options).mutate(i)))
      client.getMutationCache().clear()
    },
    { times: 1, per: size, samples: 5, prove: () => same(order, Array.from({ length: size }, (_, i) => i), 'the order') },
  )
  client.clear()
}
