import { QueryClient } from './core.mjs'
import { FIVE_MINUTES, item, newClient, typicalKey } from './data.mjs'
import { isWanted, row, same } from './timing.mjs'

export default async function defaults() {
  if (!isWanted('fetch_hit/inline_options_with_client_defaults', 'get_query_data/with_client_defaults')) return
  newClient()
  const client = new QueryClient({ defaultOptions: { queries: { gcTime: FIVE_MINUTES, staleTime: FIVE_MINUTES } } })
  client.setQueryData(typicalKey(), item(1))
  let calls = 0
  const queryFn = async () => (calls++, item(1))
  await row(
    'fetch_hit/inline_options_with_client_defaults',
    async (times) => {
      for (let i = 0; i < times; i++) await client.fetchQuery({ queryKey: ['/projects/', { query: { cursor: 'x', per_page: 25 } }], queryFn })
    },
    { prove: () => same(calls, 0, 'calls of the query function') },
  )
  const key = typicalKey()
  await row(
    'get_query_data/with_client_defaults',
    (times) => {
      let x
      for (let i = 0; i < times; i++) x = client.getQueryData(key)
      return void x
    },
    { prove: () => same(client.getQueryData(key), item(1), 'the data') },
  )
  client.clear()
}
