/** The network: calls that wait for a resolve or reject op, or answer by themselves. */
import { core } from './query_core.mjs'
import { clone, isObject, ProtocolError, val } from './values.mjs'
import { vt } from './virtual_time.mjs'

export class Network {
  /** log(entry): appends to the `calls` channel of the current step. */
  constructor(log) {
    this.log = log
    this.calls = [] // every call, in order of creation
    this.callsPerKey = new Map()
  }

  /** Name, number and log a call. */
  begin(record) {
    // A call is named by kind, key and ordinal, not by a global counter: when several queries start in
    // one instant, their mutual order is an accident of micro-task depth and must not matter.
    const name = `${record.kind}:${core.hashKey(record.key ?? null)}`
    const ordinal = this.callsPerKey.get(name) ?? 0
    this.callsPerKey.set(name, ordinal + 1)
    this.log({ id: `${name}#${ordinal}`, t: vt.now, ...record })
    return { id: `${name}#${ordinal}`, ordinal, t: vt.now, ...record }
  }

  /**
   * spec: "manual"                           pending until a resolve/reject op
   *       {delay: ms|null, script: [...], value: JSON}
   *           answers by itself; script entries are "ok" or an error message, the last one repeats;
   *           delay null = without any timer
   */
  start(record, spec, signal) {
    const call = { ...this.begin(record), state: 'pending' }
    this.calls.push(call)
    return new Promise((resolve, reject) => {
      const finish = (state, settle, value) => {
        if (call.state !== 'pending') return false
        call.state = state
        settle(value)
        return true
      }
      call.resolve = (value) => finish('resolved', resolve, value)
      call.reject = (message) => finish('rejected', reject, new Error(message))
      if (signal) {
        const onAbort = () => {
          if (finish('aborted', reject, new Error('aborted'))) this.log({ id: call.id, t: vt.now, aborted: true })
        }
        if (signal.aborted) onAbort()
        else signal.addEventListener('abort', onAbort, { once: true })
      }
      if (spec !== 'manual') this.answerByItself(call, spec)
    })
  }

  answerByItself(call, spec) {
    const script = spec.script ?? ['ok']
    const outcome = script[Math.min(call.ordinal, script.length - 1)]
    const answer = () => {
      if (outcome !== 'ok') call.reject(outcome)
      else call.resolve('value' in spec ? clone(val(spec.value)) : defaultData(call))
    }
    if (spec.delay === null || spec.delay === undefined) answer()
    else setTimeout(answer, spec.delay)
  }

  /** The pending calls, oldest first; equally old ones by name. */
  pending() {
    return this.calls
      .filter((c) => c.state === 'pending')
      .sort((a, b) => a.t - b.t || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  }

  /** A call picked by the op: {call: id} exactly, or {pick: i} = i-th pending call, modulo. */
  pick(op) {
    const pending = this.pending()
    if ('call' in op) return pending.find((c) => c.id === op.call)
    return pending.length ? pending[(op.pick ?? 0) % pending.length] : undefined
  }
}

/** Refuse a spec that says nothing: where a function is made, since an error inside of it would be the query's. */
export function checkAnswers(spec) {
  if (spec === 'manual') return
  if (!isObject(spec)) throw new ProtocolError(`unknown fn ${JSON.stringify(spec)}`)
  const unknown = Object.keys(spec).find((field) => !['delay', 'script', 'value'].includes(field))
  if (unknown !== undefined) throw new ProtocolError(`unknown fn field ${JSON.stringify(unknown)}`)
}

/** What a call answers when the scenario does not say. */
export function defaultData(call) {
  const data = { n: call.ordinal }
  if (call.key !== undefined) data.key = call.key
  if (call.page_param !== undefined) data.page = call.page_param
  return data
}
