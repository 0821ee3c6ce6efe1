/**
 * Defects of query-core that the port does not copy, mended here for the length of a scenario.
 *
 * A scenario names the repairs it wants ("repairs": [...]); without the field the reference is untouched. Comparing
 * with a mended reference is stricter than ignoring a difference: everything that follows from the repair is
 * still compared. Which repairs the comparison uses, and why, stands in intended.py.
 */
import { core } from './query_core.mjs'
import { ProtocolError } from './values.mjs'

let active = new Set()

/** name -> patches the classes once; each patch asks `active` whether it applies now. */
const REPAIRS = {
  /** A cancelled run of an infinite query goes on asking for pages if its signal was never read; see Run.queryFn. */
  cancelled_run_asks_for_no_page: () => undefined,

  /**
   * A fetch of pages never takes back that a former fetch read the signal, and reads it itself for its persister; so the
   * last observer that leaves aborts it. Mended: it is taken back when it begins, and when the persister is called.
   */
  signal_is_read_by_each_fetch: () =>
    wrap('signal_is_read_by_each_fetch', core.Query.prototype, 'fetch', function (fetch, options, fetchOptions) {
      const { defineProperties } = Object
      Object.defineProperties = (object, properties) => {
        const made = defineProperties(object, properties)
        if ('fetchFn' in object && this.queryType === 'infinite') {
          plainFetches.set(this, object.fetchFn)
          takeBackSignal(this)
        }
        return made
      }
      try {
        return fetch(options, fetchOptions)
      } finally {
        Object.defineProperties = defineProperties
      }
    }),

  /** A reset stops the collection timer; without observers nothing ever starts it again. */
  reset_rearms_gc: () =>
    wrap('reset_rearms_gc', core.Query.prototype, 'reset', function (reset) {
      reset()
      if (!this.observers.length) this.scheduleGc()
    }),

  /**
   * A mutation that waits for its turn in a scope and is taken out of the cache waits for ever: the scope that would
   * wake it no longer knows it. Mended: it has left the queue, so it may run.
   */
  removed_mutation_runs: () => {
    const name = 'removed_mutation_runs'
    const wake = (mutation) => void (mutation.state.isPaused && mutation.continue().catch(() => undefined))
    wrap(name, core.MutationCache.prototype, 'remove', function (remove, mutation) {
      const stored = this.getAll().includes(mutation)
      remove(mutation)
      if (stored) wake(mutation)
    })
    wrap(name, core.MutationCache.prototype, 'clear', function (clear) {
      const mutations = this.getAll()
      clear()
      mutations.forEach(wake)
    })
    wrap(name, core.MutationCache.prototype, 'canRun', function (canRun, mutation) {
      return !this.getAll().includes(mutation) || canRun(mutation)
    })
  },

  /** A mutation that was taken out of the cache keeps its collection timer, which removes it a second time. */
  removed_mutation_is_not_collected: () => {
    const name = 'removed_mutation_is_not_collected'
    const removed = new WeakSet()
    const forget = (mutation) => {
      removed.add(mutation)
      mutation.destroy()
    }
    wrap(name, core.MutationCache.prototype, 'remove', function (remove, mutation) {
      remove(mutation)
      forget(mutation)
    })
    wrap(name, core.MutationCache.prototype, 'clear', function (clear) {
      const mutations = this.getAll()
      clear()
      mutations.forEach(forget)
    })
    wrap(name, core.Mutation.prototype, 'scheduleGc', function (scheduleGc) {
      if (!removed.has(this)) scheduleGc()
    })
  },

  /** With a gcTime of 0, an unobserved mutation that is under way asks at every instant whether it may go. */
  pending_mutation_waits_for_its_end: () => {
    const name = 'pending_mutation_waits_for_its_end'
    wrap(name, core.Mutation.prototype, 'scheduleGc', function (scheduleGc) {
      if (this.gcTime === 0 && this.state.status === 'pending') overdue.add(this)
      else scheduleGc()
    })
    wrap(name, core.MutationCache.prototype, 'notify', function (notify, event) {
      notify(event)
      if (event.type === 'updated' && event.mutation.state.status !== 'pending' && overdue.delete(event.mutation)) event.mutation.scheduleGc()
    })
  },

  /** An observer to which nobody listens keeps the mutation that it started in the cache for good. */
  unheard_observer_keeps_nothing: () => {
    const name = 'unheard_observer_keeps_nothing'
    const caches = new WeakMap()
    const attached = new WeakMap()
    const observersOf = (mutation) => attached.get(mutation) ?? attached.set(mutation, new Set()).get(mutation)
    wrap(name, core.MutationCache.prototype, 'add', function (add, mutation) {
      caches.set(mutation, this)
      add(mutation)
    })
    wrap(name, core.Mutation.prototype, 'addObserver', function (addObserver, observer) {
      const isNew = !observersOf(this).has(observer)
      observersOf(this).add(observer)
      addObserver(observer)
      if (isNew && !observer.hasListeners()) this.scheduleGc()
    })
    wrap(name, core.Mutation.prototype, 'removeObserver', function (removeObserver, observer) {
      observersOf(this).delete(observer)
      removeObserver(observer)
    })
    wrap(name, core.Mutation.prototype, 'optionalRemove', function () {
      if ([...observersOf(this)].some((observer) => observer.hasListeners())) return
      if (this.state.status === 'pending') this.scheduleGc()
      else caches.get(this).remove(this)
    })
  },

  /**
   * A placeholder of which select makes nothing is a success without data the first time, and none at all when the
   * result is computed once more. Mended: it is none from the beginning.
   */
  nothing_is_no_placeholder: () =>
    wrap('nothing_is_no_placeholder', core.QueryObserver.prototype, 'createResult', function (create, query, options) {
      const result = create(query, options)
      const isNothing = result.isPlaceholderData && result.data === undefined
      return isNothing ? create(query, { ...options, placeholderData: undefined }) : result
    }),

  /** A group forgets the combine that its constructor is given, and one that setQueries is not given again. */
  combine_is_kept: () =>
    wrap('combine_is_kept', core.QueriesObserver.prototype, 'setQueries', function (setQueries, queries, options) {
      if (options !== undefined) groupOptions.set(this, options)
      setQueries(queries, groupOptions.get(this))
    }),

  /**
   * The combined value of results that are asked for ahead of time is remembered for the results that the group shows:
   * who asks for others may be given the former. Mended: it is combined each time.
   */
  combines_what_it_is_given: () =>
    wrap('combines_what_it_is_given', core.QueriesObserver.prototype, 'getOptimisticResult', function (get, queries, combine) {
      return get(queries, combine && ((results) => combine(results)))
    }),
}

const groupOptions = new WeakMap()

/** How each query would fetch if it had no pages: query-core takes back there, and only there, that the signal was read. */
const plainFetches = new WeakMap()

/** Let the signal of an infinite query's fetch count as not read. */
export function takeBackSignal(query) {
  const fetch = plainFetches.get(query)
  if (fetch === undefined || !active.has('signal_is_read_by_each_fetch')) return
  const kept = query.options
  query.options = { ...kept, queryFn: () => undefined, persister: undefined }
  fetch()
  query.options = kept
}

/** Mutations under way that nobody keeps. */
const overdue = new WeakSet()

/** A group; while it is repaired, one that keeps the options of its constructor. */
export function makeQueriesObserver(client, queries, options) {
  const observer = new core.QueriesObserver(client, queries, options)
  if (active.has('combine_is_kept')) observer.setQueries(queries, options)
  return observer
}

/** Wrap a method: body(original, ...args) runs with the same `this` while the repair is active. */
function wrap(name, prototype, method, body) {
  const original = prototype[method]
  prototype[method] = function (...args) {
    return active.has(name) ? body.call(this, (...a) => original.apply(this, a), ...args) : original.apply(this, args)
  }
}

/** Whether a repair is active, for those that are made where the oracle itself is asked. */
export const isRepaired = (name) => active.has(name)

let installed = false

/** Switch on exactly these repairs. */
export function useRepairs(names = []) {
  for (const name of names) if (!(name in REPAIRS)) throw new ProtocolError(`unknown repair ${JSON.stringify(name)}`)
  if (!installed) for (const install of Object.values(REPAIRS)) install()
  installed = true
  active = new Set(names)
}

export const repairNames = () => Object.keys(REPAIRS)
