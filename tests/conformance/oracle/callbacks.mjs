/** Mutation and cache callbacks: what they log, and what a scenario makes them do. */
import { CALLBACK_ACTIONS } from './options.mjs'
import { clone, errorName, isObject, ProtocolError, val } from './values.mjs'
import { vt } from './virtual_time.mjs'

function check(spec) {
  for (const field of Object.keys(spec)) {
    if (!['do', 'delay', 'throws', 'returns'].includes(field)) throw new ProtocolError(`unknown callback field ${JSON.stringify(field)}`)
  }
  for (const action of spec.do ?? []) {
    const names = Object.keys(action)
    if (names.length !== 1 || !CALLBACK_ACTIONS.includes(names[0])) throw new ProtocolError(`unknown callback action ${JSON.stringify(action)}`)
  }
}

/**
 * A mutation callback: {do: [...], delay: ms, throws: "message", returns: JSON}.
 * `do` items: {cancel: key} {snapshot: key} {set: [key, value|fn]} {rollback: true} {invalidate: key}
 * A snapshot is returned as the context {key, data} unless `returns` is given.
 */
export function mutationCallback(run, label, name, spec) {
  check(spec)
  return run.memo('callback', [label, spec], () => (...args) => {
    const entry = { t: vt.now, cb: label }
    if (name === 'on_mutate') entry.variables = args[0]
    else if (name === 'on_error') Object.assign(entry, { error: errorName(args[0]), variables: args[1], context: clone(args[2]) })
    else if (name === 'on_success') Object.assign(entry, { data: clone(args[0]), variables: args[1], context: clone(args[2]) })
    else Object.assign(entry, { data: clone(args[0]), error: errorName(args[1]), variables: args[2], context: clone(args[3]) })
    run.step.callbacks.push(entry)
    const context = name === 'on_settled' ? args[3] : args[2]
    return act(run, spec, context, args.at(-1)?.client)
  })
}

async function act(run, spec, context, client) {
  let result = val(spec.returns)
  for (const action of spec.do ?? []) {
    if (!('snapshot' in action)) run.actedAt.add(vt.now)
    if ('cancel' in action) await client.cancelQueries({ queryKey: action.cancel })
    else if ('snapshot' in action) result = { key: action.snapshot, data: client.getQueryData(action.snapshot) }
    else if ('set' in action) client.setQueryData(action.set[0], run.convert('fn', action.set[1]))
    else if ('rollback' in action) {
      if (isObject(context) && 'key' in context) client.setQueryData(context.key, context.data)
    } else await client.invalidateQueries({ queryKey: action.invalidate })
  }
  if (typeof spec.delay === 'number') await new Promise((resolve) => setTimeout(resolve, spec.delay))
  if (spec.throws !== undefined) throw new Error(spec.throws)
  return result
}

/** The callbacks of a query cache or mutation cache that log themselves, with the query's key or the variables. */
export function cacheCallbacks(run, label) {
  const push = (cb, entry, subject) => {
    const about = label === 'query_cache' ? { key: subject.queryKey } : { variables: subject }
    run.step.callbacks.push({ t: vt.now, cb: `${label}.${cb}`, ...about, ...entry })
  }
  return {
    onSuccess: (data, subject) => push('on_success', { data: clone(data) }, subject),
    onError: (error, subject) => push('on_error', { error: errorName(error) }, subject),
    onSettled: (data, error, subject) => push('on_settled', { data: clone(data), error: errorName(error) }, subject),
  }
}
