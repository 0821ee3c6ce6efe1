/** Time that only ops move: Date.now, setTimeout and setInterval are replaced, nothing ever sleeps. */

const realSetImmediate = globalThis.setImmediate

export const LIMITS = { timersPerOp: 5000, opsPerScenario: 5000 }

/** An op fired more timers than a scenario may. */
export class LimitError extends Error {}

/** FIFO-stable virtual timers: ordered by (due, creation order), like a browser's. */
class VirtualTime {
  constructor() {
    this.reset(0)
  }
  reset(now) {
    this.now = now
    this.timers = new Map() // id -> {due, seq, cb, args, every}
    this.fired = 0
    this.seq = 0
    this.nextId = 1
  }
  install() {
    const self = this
    globalThis.setTimeout = (cb, delay, ...args) => self.add(cb, delay, args, 0)
    globalThis.setInterval = (cb, delay, ...args) =>
      self.add(cb, delay, args, Math.max(1, Number(delay) || 0))
    globalThis.clearTimeout = (id) => void self.timers.delete(id)
    globalThis.clearInterval = globalThis.clearTimeout
    Date.now = () => self.now
  }
  add(cb, delay, args, every) {
    const ms = Math.max(0, Number(delay) || 0)
    const id = this.nextId++
    this.timers.set(id, { id, due: this.now + (every || ms), seq: this.seq++, cb, args, every })
    return id
  }
  /** The timer to run next, or undefined. Linear: scenarios hold tens of timers, not thousands. */
  peek() {
    let best
    for (const t of this.timers.values()) {
      if (!best || t.due < best.due || (t.due === best.due && t.seq < best.seq)) best = t
    }
    return best
  }
  fire(t) {
    if (++this.fired > LIMITS.timersPerOp) throw new LimitError('timers')
    if (t.due > this.now) this.now = t.due
    if (t.every) {
      t.due += t.every
      t.seq = this.seq++
    } else {
      this.timers.delete(t.id)
    }
    t.cb(...t.args)
  }
}

export const vt = new VirtualTime()

/** Run every micro-task (and unhandled-rejection hook) there is: one macro-task turn of the real loop. */
export const drain = () => new Promise((resolve) => realSetImmediate(resolve))

/** Run everything that can run at the current virtual instant. */
export async function settle() {
  await drain()
  for (let t = vt.peek(); t && t.due <= vt.now; t = vt.peek()) {
    vt.fire(t)
    await drain()
  }
}

/** Move virtual time by `ms`, stopping at every due timer on the way. */
export async function advance(ms) {
  const target = vt.now + ms
  for (let t = vt.peek(); t && t.due <= target; t = vt.peek()) {
    vt.fire(t)
    await drain()
  }
  vt.now = target
}

