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
}

/** Wrap a method: body(original, ...args) runs with the same `this` while the repair is active. */
function wrap(name, prototype, method, body) {
  const original = prototype[method]
  prototype[method] = function (...args) {
    return active.has(name) ? body.call(this, (...a) => original.apply(this, a), ...args) : original.apply(this, args)
  }
}

let installed = false

/** Switch on exactly these repairs. */
export function useRepairs(names = []) {
  for (const name of names) if (!(name in REPAIRS)) throw new ProtocolError(`unknown repair ${JSON.stringify(name)}`)
  if (!installed) for (const install of Object.values(REPAIRS)) install()
  installed = true
  active = new Set(names)
}

export const repairNames = () => Object.keys(REPAIRS)
