/** Scenario values (JSON) to JavaScript values and back. */
import { core } from './query_core.mjs'

/** The scenario itself is wrong: a misspelt op, option or function. */
export class ProtocolError extends Error {}

export const isObject = (v) => v !== null && typeof v === 'object' && !Array.isArray(v)
export const camel = (s) => s.replace(/_([a-z])/g, (_, c) => c.toUpperCase())
export const clone = (v) => (v === undefined ? undefined : JSON.parse(JSON.stringify(v)))

/** Scenario value -> JS value: {"$undefined": true}, {"$pages": [...], "params": [...]}; all else is plain JSON. */
export const val = (v) => {
  if (!isObject(v)) return v
  if (v.$undefined === true) return undefined
  return '$pages' in v ? { pages: v.$pages, pageParams: v.params } : v
}

/** Scenario duration/number: a number, "inf", or a passed-through literal such as "static"/"always". */
export const num = (v) => (v === 'inf' ? Infinity : v)

/** query-core's own errors by a name that both sides share; all others are their message. */
const OWN_ERRORS = [
  [/^Missing queryFn: /, 'MissingQueryFnError'],
  [/^No mutationFn found$/, 'MissingMutationFnError'],
  [/ data is undefined$/, 'NoDataError'],
]

export function errorName(e) {
  if (e == null) return null
  if (core.isCancelledError(e)) return 'CancelledError'
  if (!(e instanceof Error)) return String(e)
  return OWN_ERRORS.find(([pattern]) => pattern.test(e.message))?.[1] ?? e.message
}

export const snake = (s) => s.replace(/[A-Z]/g, (c) => '_' + c.toLowerCase())
