/**
 * A persister of single queries, by its facts: query-core itself has none, only the option. It shows that the port's
 * own does the same around query-core's fetches. What the port does differently it does too: a fetch that was cancelled
 * stops where it is, so that it removes and stores nothing, writes of one query wait for each other, restoring leaves
 * newer data alone.
 */
import { core } from './query_core.mjs'
import { clone, num, ProtocolError } from './values.mjs'

const FIELDS = ['max_age', 'buster', 'refetch_on_restore', 'filters', 'delay']
const DAY = 86_400_000

/** One storage for all persisters of a run: name -> {hash, key, buster, state}. */
export class Stored {
  constructor() {
    this.items = new Map()
  }
  put({ key, data, age = 0, buster = '' }) {
    const hash = core.hashKey(key)
    const state = data === undefined ? { dataUpdatedAt: 0, errorUpdatedAt: 0 } : { data, dataUpdatedAt: Date.now() - age, errorUpdatedAt: 5000 }
    this.items.set(hash, clone({ hash, key, buster, state }))
  }
  show() {
    return [...this.items.values()].map(({ hash, buster, state }) => ({ hash, buster, data: state.data, data_updated_at: state.dataUpdatedAt }))
  }
}

export function makePersister(run, spec) {
  for (const field of Object.keys(spec)) {
    if (!FIELDS.includes(field)) throw new ProtocolError(`unknown persister field ${JSON.stringify(field)}`)
  }
  run.persists = true
  const filters = spec.filters && run.filters(spec.filters)
  const { buster = '', refetch_on_restore: refetchOnRestore = true, delay = null } = spec
  const maxAge = num(spec.max_age ?? DAY)
  const { items } = run.stored
  const access = async (work) => {
    if (delay !== null) await new Promise((resolve) => setTimeout(resolve, delay))
    return work()
  }
  const isOutdated = ({ state, buster: mark }) => !state.dataUpdatedAt || mark !== buster || Date.now() - state.dataUpdatedAt > maxAge
  const isMeant = (record, { key, exact }) =>
    key === undefined || (exact ? core.hashKey(record.key) === core.hashKey(key) : core.partialMatchKey(record.key, key))
  const put = async ({ queryHash: hash, queryKey: key, state }) => {
    const record = clone({ hash, key, buster, state: { ...state, error: undefined, fetchFailureReason: undefined } })
    await access(() => items.set(hash, record))
  }
  const find = async (hash, isOver) => {
    const record = await access(() => items.get(hash))
    if (isOver() || !record || !isOutdated(record)) return record
    await access(() => isOver() || items.delete(hash))
  }
  const usable = async () => {
    const found = []
    for (const record of await access(() => [...items.values()])) {
      if (isOutdated(record)) await access(() => items.delete(record.hash))
      else found.push(record)
    }
    return found
  }

  const writing = new Map() // hash -> the query to write next
  const store = async (query) => {
    if (writing.has(query.queryHash)) return void writing.set(query.queryHash, query)
    if (query.state.data === undefined) return
    for (let next = query; next; next = writing.get(query.queryHash)) {
      writing.set(query.queryHash, undefined)
      await put(next)
    }
    writing.delete(query.queryHash)
  }
  const afterRestoring = (query, { state }) => {
    query.setState({ dataUpdatedAt: state.dataUpdatedAt, errorUpdatedAt: state.errorUpdatedAt })
    if (refetchOnRestore === 'always' || (refetchOnRestore && query.isStale())) query.fetch().catch(() => undefined)
  }

  return {
    async persisterFn(queryFn, context, query) {
      if (filters && !core.matchQuery(filters, query)) return queryFn(context)
      let cancelled = false
      query.promise.catch(() => (cancelled = true))
      const later = (work) => core.notifyManager.schedule(() => cancelled || work())
      if (query.state.data === undefined) {
        const record = await find(query.queryHash, () => cancelled)
        if (record && record.state.data !== undefined) {
          later(() => afterRestoring(query, record))
          return clone(record.state.data)
        }
      }
      const data = await queryFn(context)
      later(() => store(query))
      return data
    },
    async persistQueryByKey(key, client) {
      const query = client.getQueryCache().find({ queryKey: key })
      if (query) await put(query)
    },
    async restoreQueries(client, filters) {
      for (const record of await usable()) {
        const state = client.getQueryState(record.key)
        const isNews = state?.data === undefined || state.dataUpdatedAt < record.state.dataUpdatedAt
        if (record.state.data !== undefined && isNews && isMeant(record, filters)) {
          client.setQueryData(record.key, clone(record.state.data), { updatedAt: record.state.dataUpdatedAt })
        }
      }
    },
    async removeQueries(filters) {
      for (const record of await access(() => [...items.values()])) {
        if (isMeant(record, filters)) await access(() => items.delete(record.hash))
      }
    },
    async persisterGc() {
      await usable()
    },
  }
}
