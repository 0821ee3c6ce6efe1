/**
 * The ops: (run, op) -> undefined | {value} | {skipped: reason}; only `advance` is asynchronous.
 *
 * An op that refers to something that does not exist is skipped and says so, hence any subset of a scenario is a
 * scenario and shrinkers may delete ops freely.
 */
import { mutationCallback } from './callbacks.mjs'
import { defaultData } from './network.mjs'
import { MUTATION_CALLBACKS } from './options.mjs'
import { core } from './query_core.mjs'
import { makeQueriesObserver } from './repairs.mjs'
import { brief, showDehydratedMutation, showDehydratedQuery, snapshotResult } from './snapshots.mjs'
import { camel, clone, errorName, ProtocolError, val } from './values.mjs'
import { advance, vt } from './virtual_time.mjs'

const skip = (reason) => ({ skipped: reason })

/** Wrap an op on a client: skipped when the client does not exist. */
const onClient = (body) => (run, op) => {
  const client = run.client(op)
  return client ? body(run, op, client) : skip('no such client')
}
/** Wrap an op on an observer of one of the given kinds. */
const onObserver = (kinds, body) => (run, op) => {
  const o = run.observers.get(op.o)
  return o && kinds.includes(o.kind) ? body(run, op, o) : skip('no such observer')
}

const fetcher = (normal, infinite) =>
  onClient((run, op, client) => {
    const options = run.queryOptions(op.options, op.key)
    const promise = client[op.options?.infinite ? infinite : normal](options)
    if (normal === 'prefetchQuery') run.track(promise, () => null)
    else run.track(promise)
  })

export const OPS = {
  // -- time and environment
  advance: (run, op) => advance(op.ms),
  settle: () => undefined,
  online: (run, op) => core.onlineManager.setOnline(op.value),
  focus: (run, op) => core.focusManager.setFocused(op.value),

  // -- network
  resolve: (run, op) => {
    const call = run.network.pick(op)
    if (!call) return skip('no pending call')
    call.resolve('data' in op ? clone(val(op.data)) : defaultData(call))
    return { value: call.id }
  },
  reject: (run, op) => {
    const call = run.network.pick(op)
    if (!call) return skip('no pending call')
    call.reject(op.error ?? 'boom')
    return { value: call.id }
  },

  // -- imperative reads and fetches
  fetch: fetcher('fetchQuery', 'fetchInfiniteQuery'),
  prefetch: fetcher('prefetchQuery', 'prefetchInfiniteQuery'),
  ensure: fetcher('ensureQueryData', 'ensureInfiniteQueryData'),
  query: fetcher('query', 'infiniteQuery'),
  get_data: onClient((run, op, client) => ({ value: clone(client.getQueryData(op.key)) })),
  get_queries_data: onClient((run, op, client) => ({ value: clone(client.getQueriesData(run.filters(op.filters))) })),
  is_fetching: onClient((run, op, client) => ({ value: client.isFetching(run.filters(op.filters)) })),
  is_mutating: onClient((run, op, client) => ({ value: client.isMutating(run.filters(op.filters)) })),

  // -- imperative writes
  set_data: onClient((run, op, client) => {
    const options = 'updated_at' in op ? { updatedAt: op.updated_at } : undefined
    return { value: clone(client.setQueryData(op.key, run.convert('fn', op.data), options)) }
  }),
  set_queries_data: onClient((run, op, client) => ({
    value: clone(client.setQueriesData(run.filters(op.filters), run.convert('fn', op.data))),
  })),
  invalidate: onClient((run, op, client) => {
    const filters = run.filters(op.filters)
    if ('refetch_type' in op) filters.refetchType = op.refetch_type
    run.track(client.invalidateQueries(filters, fetchFlags(op)), () => null)
  }),
  refetch_queries: onClient((run, op, client) => {
    run.track(client.refetchQueries(run.filters(op.filters), fetchFlags(op)), () => null)
  }),
  reset: onClient((run, op, client) => {
    run.track(client.resetQueries(run.filters(op.filters), fetchFlags(op)), () => null)
  }),
  cancel: onClient((run, op, client) => {
    const options = {}
    if ('revert' in op) options.revert = op.revert
    if ('silent' in op) options.silent = op.silent
    run.track(client.cancelQueries(run.filters(op.filters), options), () => null)
  }),
  remove: onClient((run, op, client) => client.removeQueries(run.filters(op.filters))),
  clear: onClient((run, op, client) => client.clear()),
  set_default_options: onClient((run, op, client) =>
    client.setDefaultOptions({ queries: run.queryOptions(op.queries), mutations: run.mutationOptions(op.mutations) }),
  ),
  set_query_defaults: onClient((run, op, client) => client.setQueryDefaults(op.key, run.queryOptions(op.options))),
  set_mutation_defaults: onClient((run, op, client) => client.setMutationDefaults(op.key, run.mutationOptions(op.options))),

  // -- query observers
  observe: onClient((run, op, client) => {
    if (run.observers.has(op.o)) return skip('observer exists')
    const kind = op.options?.infinite ? 'infinite' : 'query'
    const Observer = kind === 'infinite' ? core.InfiniteQueryObserver : core.QueryObserver
    const observer = new Observer(client, run.queryOptions(op.options, op.key))
    const o = { kind, observer, client }
    run.observers.set(op.o, o)
    if (op.subscribe !== false) subscribe(run, op.o, o)
  }),
  observe_queries: onClient((run, op, client) => {
    if (run.observers.has(op.o)) return skip('observer exists')
    const observer = makeQueriesObserver(client, queryList(run, op), combining(run, op) ?? {})
    const o = { kind: 'queries', observer, client }
    run.observers.set(op.o, o)
    if (op.subscribe !== false) subscribe(run, op.o, o)
  }),
  set_queries: onObserver(['queries'], (run, op, { observer }) => observer.setQueries(queryList(run, op), combining(run, op))),
  /** what a group would show, raw and combined; `read`: fields of the tracked results, by place, read before it is combined */
  get_optimistic_queries: onObserver(['queries'], (run, op, o) => {
    const [results, getCombined, track] = o.observer.getOptimisticResult(queryList(run, op), combining(run, op)?.combine)
    const tracked = track()
    const read = (op.read ?? []).map(({ place, field }) => clone(tracked[place]?.[camel(field)]))
    const given = op.tracked ? tracked : undefined
    const combined = 'combine' in op ? clone(getCombined(given)) : undefined
    const told = o.told ?? 0
    o.told = 0
    return { value: { results: results.map((r) => clone(snapshotResult(r, false))), read, combined, told } }
  }),
  subscribe: onObserver(['query', 'infinite', 'queries', 'mutation'], (run, op, o) => {
    if (o.unsubscribe) return skip('already subscribed')
    subscribe(run, op.o, o)
  }),
  unsubscribe: onObserver(['query', 'infinite', 'queries', 'mutation'], (run, op, o) => {
    if (!o.unsubscribe) return skip('not subscribed')
    o.unsubscribe()
    o.unsubscribe = undefined
  }),
  /** unsubscribe and forget the observer */
  unobserve: onObserver(['query', 'infinite', 'queries', 'mutation'], (run, op, o) => {
    o.unsubscribe?.()
    run.observers.delete(op.o)
  }),
  set_options: onObserver(['query', 'infinite'], (run, op, o) => {
    if ((o.kind === 'infinite') !== (op.options?.infinite === true)) return skip('kind differs')
    o.observer.setOptions(run.queryOptions(op.options, op.key))
  }),
  // -- ahead of options, and tracked reads
  get_optimistic: onObserver(['query', 'infinite'], (run, op, o) => {
    if ((o.kind === 'infinite') !== (op.options?.infinite === true)) return skip('kind differs')
    const options = o.client.defaultQueryOptions(run.queryOptions(op.options, op.key))
    return { value: clone(snapshotResult(o.observer.getOptimisticResult(options), o.kind === 'infinite')) }
  }),
  fetch_optimistic: onObserver(['query', 'infinite'], (run, op, o) => {
    if ((o.kind === 'infinite') !== (op.options?.infinite === true)) return skip('kind differs')
    const options = run.queryOptions(op.options, op.key)
    // an adapter's options have passed through getOptimisticResult, which marks them
    if (o.kind === 'infinite') options._type = 'infinite'
    run.track(o.observer.fetchOptimistic(options), brief)
  }),
  /** read some fields of a tracked result; `told` is how often the listener was called since the last time */
  track: onObserver(['query', 'infinite'], (run, op, o) => {
    const result = o.observer.trackResult(o.observer.getCurrentResult())
    const show = { error: errorName, failure_reason: errorName }
    const read = op.fields.map((field) => (show[field] ?? clone)(result[camel(field)]))
    const told = o.told ?? 0
    o.told = 0
    return { value: { read, told } }
  }),
  refetch: onObserver(['query', 'infinite'], (run, op, o) => run.trackShown(o, o.observer.refetch(fetchFlags(op)))),
  fetch_next: onObserver(['infinite'], (run, op, o) => run.trackShown(o, o.observer.fetchNextPage(fetchFlags(op)))),
  fetch_previous: onObserver(['infinite'], (run, op, o) => run.trackShown(o, o.observer.fetchPreviousPage(fetchFlags(op)))),

  // -- mutations
  observe_mutation: onClient((run, op, client) => {
    if (run.observers.has(op.o)) return skip('observer exists')
    const observer = new core.MutationObserver(client, run.mutationOptions(op.options, op.o))
    const o = { kind: 'mutation', observer, client }
    run.observers.set(op.o, o)
    if (op.subscribe !== false) subscribe(run, op.o, o)
  }),
  mutate: onObserver(['mutation'], (run, op, { observer }) => {
    const per = {}
    for (const [name, spec] of Object.entries(op.callbacks ?? {})) {
      if (!(name in MUTATION_CALLBACKS) || name === 'on_mutate') throw new ProtocolError(`unknown mutate callback ${name}`)
      per[MUTATION_CALLBACKS[name]] = mutationCallback(run, `${op.o}.mutate.${name}`, name, spec)
    }
    run.track(observer.mutate(op.variables, op.callbacks ? per : undefined))
  }),
  mutation_set_options: onObserver(['mutation'], (run, op, { observer }) => observer.setOptions(run.mutationOptions(op.options, op.o))),
  mutation_reset: onObserver(['mutation'], (run, op, { observer }) => observer.reset()),
  resume_mutations: onClient((run, op, client) => run.track(client.resumePausedMutations(), () => null)),

  // -- persisters of single queries
  persist_query: onClient((run, op, client) => run.track(run.persister(op.persister).persistQueryByKey(op.key, client), () => null)),
  restore_queries: onClient((run, op, client) => run.track(run.persister(op.persister).restoreQueries(client, byKey(op)), () => null)),
  remove_stored: (run, op) => run.track(run.persister(op.persister).removeQueries(byKey(op)), () => null),
  persister_gc: (run, op) => run.track(run.persister(op.persister).persisterGc(), () => null),
  store: (run, op) => run.stored.put(op),
  stored: (run) => ({ value: run.stored.show() }),

  // -- hydration
  dehydrate: onClient((run, op, client) => {
    const state = core.dehydrate(client, {
      ...(op.queries && { shouldDehydrateQuery: op.queries === 'all' ? () => true : run.convert('fn', op.queries) }),
      ...(op.mutations && { shouldDehydrateMutation: MUTATIONS[op.mutations] ?? run.convert('fn', op.mutations) }),
      ...(op.serialize && { serializeData: run.convert('fn', op.serialize) }),
      // a cancellation of another client's would be taken for one of the query's own, which then fetches for good
      ...(op.redact === false && { shouldRedactErrors: (error) => core.isCancelledError(error) }),
    })
    state.queries.forEach(({ promise }) => promise?.then((data) => resolved.set(promise, data), () => {}))
    run.dehydrated.set(op.into, state)
    if (op.raw) return { value: json(state) }
    return { value: { queries: state.queries.map(showDehydratedQuery), mutations: state.mutations.map(showDehydratedMutation) } }
  }),
  hydrate: onClient((run, op, client) => {
    if ('payload' in op) return void core.hydrate(client, parsed(op.payload))
    const state = run.dehydrated.get(op.from)
    if (!state) return skip('nothing dehydrated')
    core.hydrate(client, op.json === false ? handedOver(state) : written(state), {
      defaultOptions: {
        ...(op.queries && { queries: run.queryOptions(op.queries) }),
        ...(op.mutations && { mutations: run.mutationOptions(op.mutations) }),
        ...(op.deserialize && { deserializeData: run.convert('fn', op.deserialize) }),
      },
    })
  }),
}

const queryList = (run, op) => op.queries.map((q) => run.queryOptions(q.options, q.key))
/** {combine} if the op has one; null is none */
const combining = (run, op) => ('combine' in op ? { combine: op.combine === null ? undefined : run.convert('fn', op.combine) } : undefined)

const MUTATIONS = { all: () => true, none: () => false }

/** What the promises of dehydrated queries came to, once they did. */
const resolved = new WeakMap()

/**
 * A state that stays in the process. A native promise never tells its value at once, not even when it resolved long ago;
 * the port asks its future, so give query-core a thenable that can tell.
 */
function handedOver(state) {
  const queries = state.queries.map((q) => {
    const data = resolved.get(q.promise)
    return data === undefined ? q : { ...q, promise: { then: (tell) => (tell(data), Promise.resolve(data)) } }
  })
  return { ...state, queries }
}

/** A state as JSON, errors with what they say; query-core itself cannot hydrate what JSON makes of a promise. */
function json(state) {
  const queries = state.queries.map(({ promise, ...q }) => q)
  return JSON.stringify({ ...state, queries }, (_, x) => (x instanceof Error ? { name: x.name, message: errorName(x) } : x))
}

/** A state that came as JSON, its errors made errors again. */
function parsed({ queries, mutations }) {
  const revive = (x, errors) => {
    for (const name of errors) x.state[name] = x.state[name] && new Error(x.state[name].message)
    return x
  }
  return {
    queries: queries.map((q) => revive(q, ['error', 'fetchFailureReason'])),
    mutations: mutations.map((m) => revive(m, ['error', 'failureReason'])),
  }
}

/**
 * A state as a store or the wire gives it back: promises do not survive, and errors would become {}; a sane serializer
 * keeps their message, so do that.
 */
function written(state) {
  const wire = (x, errors) => {
    const copy = clone(x)
    for (const name of errors) copy.state[name] = x.state[name] && new Error(errorName(x.state[name]))
    return copy
  }
  return {
    queries: state.queries.map(({ promise, ...q }) => wire(q, ['error', 'fetchFailureReason'])),
    mutations: state.mutations.map((m) => wire(m, ['error', 'failureReason'])),
  }
}

const byKey = (op) => ({ key: op.key, exact: op.exact })

function fetchFlags(op) {
  const out = {}
  if ('cancel_refetch' in op) out.cancelRefetch = op.cancel_refetch
  if ('throw_on_error' in op) out.throwOnError = op.throw_on_error
  return out
}

function subscribe(run, id, o) {
  o.unsubscribe = o.observer.subscribe((result) => {
    const entry = { o: id, t: vt.now }
    if (o.kind === 'queries') entry.results = result.map(brief)
    else if (o.kind === 'mutation') Object.assign(entry, { status: result.status, data: clone(result.data), error: errorName(result.error) })
    else Object.assign(entry, brief(result))
    o.told = (o.told ?? 0) + 1
    run.step.notifications.push(entry)
  })
}
