import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isWanted, record, same } from './timing.mjs'

const PROGRAM = `
const began = process.cpuUsage(), wall = performance.now()
const { QueryClient } = await import(process.argv[1])
const used = process.cpuUsage(began)
console.log(QueryClient.name, Math.min(performance.now() - wall, (used.user + used.system) / 1e3) * 1e6)
`

export default async function imports() {
  if (!isWanted('import/time')) return
  const core = fileURLToPath(new URL('../../../tests/conformance/node_modules/@tanstack/query-core/build/modern/index.js', import.meta.url))
  const told = () => {
    const [name, taken] = execFileSync(process.execPath, ['--input-type=module', '-e', PROGRAM, core], { encoding: 'utf8' }).split(' ')
    same(name.length > 0, true, 'whether something was imported')
    return Number(taken)
  }
  told()
  record('import/time', Array.from({ length: 5 }, told))
}
