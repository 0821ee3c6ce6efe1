import { FIVE_MINUTES, item, newClient, typicalKey } from './data.mjs'
import { isWanted, row, same } from './timing.mjs'

export default async function hits() {
  if (!isWanted('fetch_hit/inline_options', 'fetch_hit/prepared_options', 'ensure_query_data/hit', 'get_query_data', 'get_query_state')) return
  const client = newClient()
  client.setQueryData(typicalKey(), item(1))
  let calls = 0
  const queryFn = async () => (calls++, item(1))
  const options = { queryKey: typicalKey(), queryFn, staleTime: FIVE_MINUTES }
  const prove = async () => {
    same(await client.fetchQuery(options), item(1), 'the data of a hit')
    same(calls, 0, 'calls of the query function')
  }
  await row(
    'fetch_hit/inline_options',
    async (times) => {
      for (let i = 0; i < times; i++) {
        await client.fetchQuery({ queryKey: ['/projects/', { query: { cursor: 'x', per_page: 25 } }], queryFn, staleTime: FIVE_MINUTES })
      }
    },
    { prove },
  )
  await row(
    'fetch_hit/prepared_options',
    async (times) => {
      for (let i = 0; i < times; i++) await client.fetchQuery(options)
    },
    { prove },
  )
  await row(
    'ensure_query_data/hit',
    async (times) => {
      for (let i = 0; i < times; i++) await client.ensureQueryData(options)
    },
    { prove },
  )
  const key = typicalKey()
  await row(
    'get_query_data',
    (times) => {
      let x
      for (let i = 0; i < times; i++) x = client.getQueryData(key)
      return void x
    },
    { prove: () => same(client.getQueryData(key), item(1), 'the data') },
  )
  await row(
    'get_query_state',
    (times) => {
      let x
      for (let i = 0; i < times; i++) x = client.getQueryState(key)
      return void x
    },
    { prove: () => same(client.getQueryState(key).data, item(1), 'the data') },
  )
  client.clear()
}
