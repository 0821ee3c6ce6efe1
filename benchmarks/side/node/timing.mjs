// how long a row takes; timing.py says how it is measured
const SAMPLE = 8
const SAMPLES = 7
const WARM_UPS = 3
const MOST = 20e6

export const figures = {}
let wanted = new Set()

export function want(names) {
  wanted = new Set(names)
}

export const isWanted = (...names) => names.some((name) => wanted.has(name))

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

export function same(got, wanted, what) {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) {
    throw new Error(`${what}: got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`)
  }
}

// the lesser of wall and CPU time: V8's own threads count as CPU time, other processes as wall time
export function stopwatch() {
  const cpu = process.cpuUsage()
  const wall = performance.now()
  return () => {
    const passed = performance.now() - wall
    const used = process.cpuUsage(cpu)
    return Math.min(passed, (used.user + used.system) / 1e3)
  }
}

export function record(name, values, unit = 'ns') {
  figures[name] = { median: median(values), unit }
}

// run(times) does it that often; prove() says whether it was right; prepare() comes before each sample, not timed
export async function row(name, run, { prove, prepare, times = 0, per = 1, samples = SAMPLES, warmUps = WARM_UPS } = {}) {
  if (!isWanted(name)) return
  try {
    await timed(name, run, { prove, prepare, times, per, samples, warmUps })
  } catch (error) {
    // the other rows are not to be lost
    figures[name] = { wrong: `${error}` }
  }
}

async function timed(name, run, { prove, prepare, times, per, samples, warmUps }) {
  const sample = async (count) => {
    await prepare?.()
    const seconds = stopwatch()
    const outcome = run(count)
    if (outcome?.then) await outcome
    return seconds()
  }
  await sample(times || 1)
  await prove?.()
  let count = times || 1
  if (!times) {
    for (;;) {
      const taken = await sample(count)
      if (taken >= SAMPLE || count > MOST) break
      count = Math.floor(count * (taken < SAMPLE / 16 ? 8 : Math.min(8, (1.2 * SAMPLE) / taken))) + 1
    }
  }
  for (let i = 0; i < warmUps; i++) await sample(count)
  const values = []
  for (let i = 0; i < samples; i++) values.push(((await sample(count)) * 1e6) / (count * per))
  record(name, values)
}
