import { item, newClient } from './data.mjs'
import { row, same } from './timing.mjs'

const FAILURES = 3

export default async function trouble() {
  const client = newClient()
  let calls = 0
  const options = {
    queryKey: ['failing'],
    queryFn: async () => {
      if (++calls % (FAILURES + 1)) throw new Error('for now')
      return item(1)
    },
    staleTime: 0,
    retry: FAILURES,
    retryDelay: 0,
  }
  await row(
    'retry/3_failures',
    async (times) => {
      for (let i = 0; i < times; i++) await client.fetchQuery(options)
    },
    {
      prove: async () => {
        calls = 0
        same(await client.fetchQuery(options), item(1), 'the data')
        same(calls, FAILURES + 1, 'calls of the query function')
      },
    },
  )
  client.clear()
}
