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
  client.clear()
}
