#!/usr/bin/env node
/**
 * The oracle: @tanstack/query-core as a process that answers scenarios with traces.
 *
 * Reads ONE scenario per line (JSON) on stdin, replays it against query-core under a virtual clock, and writes ONE
 * trace per line (JSON) on stdout, in the same order. Persistent: start it once, stream thousands of scenarios
 * through it.
 *
 *   node oracle.mjs [--core DIR]          serve stdin -> stdout
 *   node oracle.mjs --selftest FILE       run every scenario of FILE twice and reversed, compare, report
 *   node oracle.mjs --describe            print the vocabulary (ops, options, functions, repairs) as JSON
 *
 * DIR is the package directory of @tanstack/query-core (default: $QUERY_CORE, then node_modules next to this file,
 * then the working directory).
 *
 * Design rules (keep them when you extend the oracle):
 *   1. No real time. Date.now / setTimeout / setInterval are virtual; nothing ever sleeps.
 *   2. Observe only at quiescence. After every op all micro-tasks and all timers that are due *now* have run. The
 *      order of micro-tasks inside an op is therefore never part of the contract, except through the order of
 *      entries in one log channel.
 *   3. Total. An op that refers to something that does not exist is skipped, and says so.
 *   4. Strict vocabulary. An unknown op, option or function is a protocol error of the whole scenario
 *      ({ok:false}), never ignored: a typo must not turn into a silently weaker test.
 *   5. Names in scenarios and traces are snake_case and times are integer milliseconds.
 *
 * SCENARIO.md documents the scenario and trace formats.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { FUNCTIONS } from './oracle/functions.mjs'
import { OPS } from './oracle/ops.mjs'
import { MUTATION_OPTIONS, MUTATION_SPECIAL, QUERY_OPTIONS, QUERY_SPECIAL } from './oracle/options.mjs'
import { coreVersion, loadCore } from './oracle/query_core.mjs'
import { repairNames } from './oracle/repairs.mjs'
import { PROTOCOL, Run } from './oracle/run.mjs'
import { errorName, ProtocolError } from './oracle/values.mjs'
import { drain } from './oracle/virtual_time.mjs'

let current

/** Run one scenario object; never throws. */
async function runScenario(scenario) {
  const head = scenario?.id === undefined ? {} : { id: scenario.id }
  current = new Run(scenario)
  try {
    return { ...head, ok: true, trace: await current.run() }
  } catch (error) {
    const protocol = error instanceof ProtocolError
    return { ...head, ok: false, kind: protocol ? 'protocol' : 'crash', error: protocol ? error.message : String(error?.stack ?? error) }
  } finally {
    try {
      current.dispose()
    } catch {
      // a half-built scenario may fail to clean up; the next one starts from fresh clients anyway
    }
    await drain()
    current = undefined
  }
}

function captureProcessNoise() {
  process.on('unhandledRejection', (reason) => {
    current?.step?.unhandled?.push(errorName(reason))
  })
  for (const level of ['error', 'warn', 'log', 'info', 'debug']) {
    console[level] = (...args) => void current?.step?.console?.push(`${level}: ${args.map(String).join(' ').split('\n')[0]}`)
  }
}

async function handleLine(line) {
  let scenario
  try {
    scenario = JSON.parse(line)
  } catch (error) {
    return JSON.stringify({ ok: false, kind: 'protocol', error: `not JSON: ${error.message}` })
  }
  if (scenario?.hello) return JSON.stringify({ ok: true, protocol: PROTOCOL, core: coreVersion, node: process.version })
  // the one data shape that query-core itself defines
  return JSON.stringify(await runScenario(scenario)).replaceAll('"pageParams":', '"page_params":')
}

async function serve() {
  process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1)) // reader went away
  let tail = ''
  process.stdin.setEncoding('utf8')
  for await (const chunk of process.stdin) {
    const lines = (tail + chunk).split('\n')
    tail = lines.pop()
    for (const line of lines) {
      if (!line.trim()) continue
      const out = await handleLine(line)
      if (!process.stdout.write(out + '\n')) await new Promise((resolve) => process.stdout.once('drain', resolve))
    }
  }
  if (tail.trim()) process.stdout.write((await handleLine(tail)) + '\n')
}

async function selftest(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter((l) => l.trim())
  const pass = async () => {
    const t0 = process.hrtime.bigint()
    const out = []
    for (const line of lines) out.push(await handleLine(line))
    return { out, seconds: Number(process.hrtime.bigint() - t0) / 1e9 }
  }
  const first = await pass()
  const second = await pass()
  const reversed = lines.slice().reverse()
  const third = []
  for (const line of reversed) third.push(await handleLine(line))
  third.reverse()
  let differ = 0
  let failed = 0
  let bytes = 0
  let steps = 0
  let skipped = 0
  first.out.forEach((line, i) => {
    bytes += line.length
    if (line !== second.out[i] || line !== third[i]) differ++
    const t = JSON.parse(line)
    if (!t.ok) failed++
    else {
      steps += t.trace.length
      skipped += t.trace.filter((s) => s.skipped).length
    }
  })
  process.stdout.write(
    JSON.stringify({
      scenarios: lines.length,
      not_ok: failed,
      different_between_runs: differ,
      ops: steps,
      skipped_ops: skipped,
      bytes_per_trace: Math.round(bytes / lines.length),
      scenarios_per_s: [first, second].map((p) => Math.round(lines.length / p.seconds)),
      ops_per_s: Math.round(steps / second.seconds),
    }) + '\n',
  )
  return differ || failed ? 1 : 0
}

function describe() {
  return {
    protocol: PROTOCOL,
    core: coreVersion,
    ops: Object.keys(OPS),
    query_options: [...Object.keys(QUERY_OPTIONS), ...QUERY_SPECIAL],
    mutation_options: [...Object.keys(MUTATION_OPTIONS), ...MUTATION_SPECIAL],
    functions: Object.keys(FUNCTIONS),
    repairs: repairNames(),
  }
}

async function main(argv) {
  const arg = (name) => {
    const i = argv.indexOf(name)
    return i >= 0 ? argv[i + 1] : undefined
  }
  captureProcessNoise()
  await loadCore(arg('--core'))
  if (argv.includes('--describe')) process.stdout.write(JSON.stringify(describe(), null, 1) + '\n')
  else if (argv.includes('--selftest')) process.exitCode = await selftest(arg('--selftest'))
  else await serve()
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2))
}
