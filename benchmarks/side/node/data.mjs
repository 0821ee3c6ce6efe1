// the keys and data that rows work on; samples.py has the same
import { QueryClient, environmentManager } from './core.mjs'
import { same } from './timing.mjs'

export const FIVE_MINUTES = 300_000

// Without default options, which is the best that query-core does: with some, every call takes V8's slow way to spread
// objects, and is four to five times as long. Under Node query-core believes that it runs on a server, where queries are
// never collected and no timers are set; so it is told that it does not.
export function newClient(gcTime = FIVE_MINUTES) {
  environmentManager.setIsServer(() => gcTime === Infinity)
  return gcTime === FIVE_MINUTES || gcTime === Infinity ? new QueryClient() : new QueryClient({ defaultOptions: { queries: { gcTime } } })
}

export const typicalKey = (cursor = 'x') => ['/projects/', { query: { cursor, per_page: 25 } }]
export const item = (id) => ({ id, name: 'item', done: false })
export const items = (revision) =>
  Array.from({ length: 1000 }, (_, i) => ({
    id: i,
    name: `item ${i}`,
    done: i % 2 === 0,
    tags: ['a', 'b'],
    owner: { id: i % 7, login: `u${i % 7}` },
    rev: i === 500 ? revision : 0,
  }))
export const numberedKey = (i) => ['todos', i, { page: 1 }]
export const queriesOf = (client) => client.getQueryCache().getAll()
export const turn = () => new Promise(setImmediate)

// a client with queries that have keys and data of their own
export function filled(size, gcTime) {
  const client = newClient(gcTime)
  for (let i = 0; i < size; i++) client.setQueryData(numberedKey(i), item(i))
  same(queriesOf(client).length, size, 'queries')
  return client
}

export function proveFilled(client, size) {
  same(queriesOf(client).length, size, 'queries')
  same(client.getQueryData(numberedKey(7)), item(7), 'the data of one')
}

export const invalid = (client) => queriesOf(client).filter((query) => query.state.isInvalidated)

// so that each sample has the same to do
export function unmark(client) {
  for (const query of invalid(client)) query.setState({ isInvalidated: false })
}

export const short = (size) => (size >= 1000 ? `${size / 1000}k` : `${size}`)
