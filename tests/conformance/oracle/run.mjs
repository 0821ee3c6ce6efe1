/** One run of one scenario. */
import { cacheCallbacks, mutationCallback } from './callbacks.mjs'
import { isFnSpec, makeFunction } from './functions.mjs'
import { checkAnswers, Network } from './network.mjs'
import { OPS } from './ops.mjs'
import { MUTATION_CALLBACKS, MUTATION_OPTIONS, MUTATION_SPECIAL, NETWORK_MODES, OPTIMISTIC, QUERY_OPTIONS, QUERY_SPECIAL } from './options.mjs'
import { makePersister, Stored } from './persister.mjs'
import { core } from './query_core.mjs'
import { isRepaired, takeBackSignal, useRepairs } from './repairs.mjs'
import { brief, snapshotMutation, snapshotMutationResult, snapshotQuery, snapshotResult } from './snapshots.mjs'
import { isStream, streamedQuery } from './streams.mjs'
import { camel, clone, errorName, isObject, num, ProtocolError, snake, val } from './values.mjs'
import { advance, LimitError, LIMITS, settle, vt } from './virtual_time.mjs'

/** The signal of a context without counting as having read it: query-core keeps it under a symbol of its own. */
const fetchSignal = (context) =>
  Object.getOwnPropertySymbols(context)
    .map((symbol) => context[symbol])
    .find((value) => value instanceof AbortSignal)

/** Raise it only if an existing trace changes. */
export const PROTOCOL = 1

const SCENARIO_FIELDS = ['v', 'id', 'start', 'online', 'focused', 'server', 'clients', 'ops', 'repairs']

/** What a trace shows of the call of a query function. */
function queryRecord(context) {
  const record = { kind: 'query', key: context.queryKey }
  if (context.direction !== undefined) {
    record.page_param = context.pageParam
    record.direction = context.direction
  }
  if (context.meta !== undefined) record.meta = context.meta
  return record
}

export class Run {
  constructor(scenario) {
    this.scenario = scenario
    this.network = new Network((entry) => this.step.calls.push(entry))
    this.clients = new Map()
    this.observers = new Map() // id -> {kind, observer, unsubscribe, client}
    this.dehydrated = new Map()
    this.stored = new Stored()
    this.persists = false // whether any query has a persister
    this.fnCache = new Map() // spec JSON -> function, so equal specs are the same function object
    this.step = undefined
    this.index = -1
  }

  // -- functions and options

  memo(tag, spec, make) {
    const id = tag + JSON.stringify(spec)
    let f = this.fnCache.get(id)
    if (!f) this.fnCache.set(id, (f = make()))
    return f
  }

  convert(kind, value) {
    if (isFnSpec(value)) return this.memo('fn', value, () => makeFunction(value))
    switch (kind) {
      case 'num':
        return num(val(value))
      case 'network_mode':
        if (!(value in NETWORK_MODES)) throw new ProtocolError(`unknown network_mode ${JSON.stringify(value)}`)
        return NETWORK_MODES[value]
      case 'optimistic':
        if (!(value in OPTIMISTIC)) throw new ProtocolError(`unknown optimistic mode ${JSON.stringify(value)}`)
        return OPTIMISTIC[value]
      case 'props':
        return Array.isArray(value) ? value.map(camel) : value
      default:
        return val(value)
    }
  }

  queryOptions(options = {}, key) {
    const out = {}
    for (const [name, value] of Object.entries(options)) {
      if (QUERY_SPECIAL.includes(name)) continue
      const entry = QUERY_OPTIONS[name]
      if (!entry) throw new ProtocolError(`unknown query option ${JSON.stringify(name)}`)
      out[entry[0]] = this.convert(entry[1], value)
    }
    if (key !== undefined) out.queryKey = key
    // a query function is always given, except with fn: "none"; defaults may carry one as well
    if (key !== undefined || 'fn' in options || 'consume_signal' in options) {
      const spec = options.fn ?? 'manual'
      if (spec === 'skip') out.queryFn = core.skipToken
      else if (spec !== 'none') out.queryFn = this.queryFn(spec, options.consume_signal === true)
    }
    if ('persister' in options) out.persister = this.persisterFn(options.persister)
    if (options.infinite) {
      // the observer classes and fetchInfiniteQuery set this themselves; needed for defaults only
      if (key === undefined) throw new ProtocolError('infinite is not a default option')
      if (!('getNextPageParam' in out)) out.getNextPageParam = () => undefined
      if (!('initialPageParam' in out)) out.initialPageParam = 0
    }
    return out
  }

  mutationOptions(options = {}, owner) {
    const out = {}
    for (const [name, value] of Object.entries(options)) {
      if (MUTATION_SPECIAL.includes(name)) continue
      const entry = MUTATION_OPTIONS[name]
      if (!entry) throw new ProtocolError(`unknown mutation option ${JSON.stringify(name)}`)
      out[entry[0]] = this.convert(entry[1], value)
    }
    if ('key' in options) out.mutationKey = options.key
    if ('scope' in options) out.scope = this.memo('scope', options.scope, () => ({ id: options.scope }))
    if (owner !== undefined || 'fn' in options) {
      const spec = options.fn ?? 'manual'
      if (spec !== 'none') out.mutationFn = this.mutationFn(spec, options.key)
    }
    for (const [name, target] of Object.entries(MUTATION_CALLBACKS)) {
      if (name in options) out[target] = mutationCallback(this, `${owner ?? 'defaults'}.${name}`, name, options[name])
    }
    return out
  }

  filters(f = {}) {
    const out = {}
    for (const [name, value] of Object.entries(f)) {
      switch (name) {
        case 'key':
          out.queryKey = value
          break
        case 'mutation_key':
          out.mutationKey = value
          break
        case 'exact':
        case 'type':
        case 'stale':
        case 'status':
          out[name] = value
          break
        case 'fetch_status':
          out.fetchStatus = value
          break
        case 'predicate':
          out.predicate = this.convert('fn', value)
          break
        default:
          throw new ProtocolError(`unknown filter ${JSON.stringify(name)}`)
      }
    }
    return out
  }

  // -- network functions

  queryFn(spec, consumeSignal) {
    return this.memo('queryFn', [spec, consumeSignal], () => {
      if (isStream(spec)) return streamedQuery(this, spec, consumeSignal, queryRecord)
      checkAnswers(spec)
      return (context) => {
        if (isRepaired('cancelled_run_asks_for_no_page') && fetchSignal(context)?.aborted) return new Promise(() => undefined)
        return this.network.start(queryRecord(context), spec, consumeSignal ? context.signal : undefined)
      }
    })
  }

  persisterFn(spec) {
    return this.memo('persisterFn', spec, () => (queryFn, context, query) => {
      takeBackSignal(query)
      return this.persister(spec).persisterFn(queryFn, context, query)
    })
  }

  persister(spec = {}) {
    return this.memo('persister', spec, () => makePersister(this, spec))
  }

  mutationFn(spec, key) {
    checkAnswers(spec)
    return this.memo('mutationFn', [spec, key ?? null], () => (variables) => {
      const record = { kind: 'mutation', variables }
      if (key !== undefined) record.key = key
      return this.network.start(record, spec, undefined)
    })
  }

  // -- clients

  addClient(name, config = {}) {
    for (const field of Object.keys(config)) {
      if (!['queries', 'mutations', 'mount', 'cache_callbacks'].includes(field))
        throw new ProtocolError(`unknown client option ${JSON.stringify(field)}`)
    }
    const log = (label) => (config.cache_callbacks ? cacheCallbacks(this, label) : {})
    const client = new core.QueryClient({
      queryCache: new core.QueryCache(log('query_cache')),
      mutationCache: new core.MutationCache(log('mutation_cache')),
      defaultOptions: {
        queries: this.queryOptions(config.queries),
        mutations: this.mutationOptions(config.mutations),
      },
    })
    this.watchResuming(client)
    const mounted = config.mount !== false
    if (mounted) client.mount()
    client.getQueryCache().subscribe((event) => {
      const entry = { t: vt.now, client: name, type: snake(event.type), key: event.query?.queryKey }
      if (event.type === 'updated') entry.action = snake(event.action.type)
      this.step.events.push(entry)
    })
    client.getMutationCache().subscribe((event) => {
      const entry = { t: vt.now, client: name, type: snake(event.type), mutation: event.mutation?.mutationId }
      if (event.type === 'updated') entry.action = snake(event.action.type)
      this.step.mutation_events.push(entry)
    })
    this.clients.set(name, { client, mounted })
  }

  /** Note when a refetch that waited for paused mutations starts; see `race`. */
  watchResuming(client) {
    const resume = client.resumePausedMutations.bind(client)
    client.resumePausedMutations = () => {
      const waits = client.getMutationCache().getAll().some((m) => m.state.isPaused)
      const resumed = resume()
      if (waits && this.step.op !== 'resume_mutations') resumed.then(() => this.resumedAt.add(vt.now))
      return resumed
    }
  }

  /**
   * Why the order within one tick decides what this step shows, if it does: micro-task depth is nobody's contract.
   *
   * The refetch after focus or network came back waits for the functions of paused mutations, not for their callbacks: such
   * a callback may cancel, write or invalidate in the same tick. And what a fetch through an observer came to is the result
   * that it shows by then: pages that follow, or a persister that reads what it stored, may make that another one in the
   * same tick.
   */
  race() {
    if ([...this.resumedAt].some((t) => this.actedAt.has(t))) return 'a mutation callback and the refetch that waited for the mutation'
    const overtaken = this.shown.some(({ observer, result, at }) => at === vt.now && observer.getCurrentResult() !== result)
    return this.overtaken || overtaken ? 'what a fetch came to, and the next result of its observer' : undefined
  }

  /** Track what a fetch through an observer came to: the result that is shown by then. */
  trackShown({ kind, observer }, promise) {
    this.track(promise, (result) => {
      // stale data that a persister restored is fetched anew by a timer of this instant
      if (this.persists) this.shown.push({ observer, result, at: vt.now })
      if (kind === 'infinite') this.noteOvertaken(observer, result)
      return brief(result)
    })
  }

  /** Note whether the observer shows another result at the end of this tick; see `race`. */
  async noteOvertaken(observer, result) {
    for (let depth = 0; depth < 100; depth++) await undefined
    if (observer.getCurrentResult() !== result) this.overtaken = true
  }

  client(op) {
    return this.clients.get(op.client ?? 'main')?.client
  }

  // -- snapshots

  snapshot() {
    const clients = {}
    for (const [name, { client }] of this.clients) {
      clients[name] = {
        queries: client.getQueryCache().getAll().map(snapshotQuery),
        mutations: client.getMutationCache().getAll().map(snapshotMutation),
        is_fetching: client.isFetching(),
        is_mutating: client.isMutating(),
      }
    }
    const observers = {}
    for (const [id, o] of this.observers) {
      if (o.kind === 'queries') observers[id] = o.observer.getCurrentResult().map((r) => snapshotResult(r, false))
      else if (o.kind === 'mutation') observers[id] = snapshotMutationResult(o.observer.getCurrentResult())
      else observers[id] = snapshotResult(o.observer.getCurrentResult(), o.kind === 'infinite')
      if (o.kind !== 'queries') observers[id].subscribed = o.unsubscribe !== undefined
    }
    return { clients, observers, pending_calls: this.network.pending().map((c) => c.id) }
  }

  // -- running

  /** Remember a promise returned by an op: it is reported in `settled` of the step in which it settles. */
  track(promise, show = (v) => clone(v)) {
    const op = this.index
    promise.then(
      (value) => this.step.settled.push({ op, t: vt.now, ok: true, value: show(value) }),
      (error) => this.step.settled.push({ op, t: vt.now, ok: false, error: errorName(error) }),
    )
  }

  async perform(op) {
    const handler = OPS[op.op]
    if (!handler) throw new ProtocolError(`unknown op ${JSON.stringify(op.op)}`)
    const outcome = {}
    const read = new Set(['op'])
    const watched = new Proxy(op, {
      get: (_, name) => (read.add(name), op[name]),
      has: (_, name) => (read.add(name), name in op),
    })
    try {
      const result = handler(this, watched)
      if (result && typeof result.then === 'function') await result // advance only
      else if (isObject(result)) Object.assign(outcome, result)
    } catch (error) {
      if (error instanceof ProtocolError || error instanceof LimitError) throw error
      outcome.threw = errorName(error)
    }
    const unread = 'skipped' in outcome || 'threw' in outcome ? undefined : Object.keys(op).find((name) => !read.has(name))
    if (unread !== undefined) throw new ProtocolError(`unknown field ${JSON.stringify(unread)} of ${op.op}`)
    return outcome
  }

  newStep(op) {
    vt.fired = 0
    this.resumedAt = new Set()
    this.actedAt = new Set()
    this.overtaken = false
    this.shown = []
    this.step = {
      op: op ?? 'start',
      now: vt.now,
      calls: [],
      settled: [],
      callbacks: [],
      notifications: [],
      events: [],
      mutation_events: [],
      console: [],
      unhandled: [],
    }
  }

  async run() {
    const { scenario } = this
    if (scenario.v !== undefined && scenario.v !== PROTOCOL) throw new ProtocolError(`protocol version ${scenario.v}, this is ${PROTOCOL}`)
    for (const field of Object.keys(scenario)) {
      if (!SCENARIO_FIELDS.includes(field)) throw new ProtocolError(`unknown field ${JSON.stringify(field)} of a scenario`)
    }
    const ops = scenario.ops ?? []
    if (ops.length > LIMITS.opsPerScenario) throw new ProtocolError('too many ops')
    useRepairs(scenario.repairs)
    vt.reset(scenario.start ?? 1_000_000)
    core.onlineManager.setOnline(scenario.online ?? true)
    core.focusManager.setFocused(scenario.focused ?? true)
    core.environmentManager.setIsServer(() => scenario.server === true)
    this.newStep()
    for (const [name, config] of Object.entries(scenario.clients ?? { main: {} })) this.addClient(name, config)
    const trace = []
    for (const [index, op] of ops.entries()) {
      this.index = index
      this.newStep(op.op)
      let stop = false
      try {
        Object.assign(this.step, await this.perform(op))
        await settle()
      } catch (error) {
        if (!(error instanceof LimitError)) throw error
        this.step.limit = error.message
        stop = true
      }
      const step = this.step
      step.now = vt.now
      step.state = this.snapshot()
      step.race = this.race()
      for (const channel of ['console', 'unhandled']) if (!step[channel].length) delete step[channel]
      trace.push(step)
      if (stop) break
    }
    return trace
  }

  /** Leave no listener on the singletons and no timer behind. */
  dispose() {
    this.newStep() // what the clean-up causes is nobody's business
    for (const o of this.observers.values()) o.unsubscribe?.()
    for (const { client, mounted } of this.clients.values()) {
      client.clear()
      if (mounted) client.unmount()
    }
    vt.reset(0)
  }
}
