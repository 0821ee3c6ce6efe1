/** Scenario values (JSON) to JavaScript values and back. */
import { core } from './query_core.mjs'

/** The scenario itself is wrong: a misspelt op, option or function. */
export class ProtocolError extends Error {}

export const isObject = (v) => v !== null && typeof v === 'object' && !Array.isArray(v)
export const camel = (s) => s.replace(/_([a-z])/g, (_, c) => c.toUpperCase())
export const clone = (v) => (v === undefined ? undefined : JSON.parse(JSON.stringify(v)))

/** Scenario value -> JS value. {"$undefined":true} is undefined; everything else is plain JSON. */
export const val = (v) => (isObject(v) && v.$undefined === true ? undefined : v)

/** Scenario duration/number: a number, "inf", or a passed-through literal such as "static"/"always". */
export const num = (v) => (v === 'inf' ? Infinity : v)

export function errorName(e) {
  if (e == null) return null
  if (core.isCancelledError(e)) return 'CancelledError'
  return e instanceof Error ? e.message : String(e)
}
export const snake = (s) => s.replace(/[A-Z]/g, (c) => '_' + c.toLowerCase())
