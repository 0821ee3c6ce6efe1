// one process that runs rows and prints their figures as JSON; worker.py does the same for ours
//     node --expose-gc main.mjs --rows hash_key/typical,get_query_data
import { figures, want } from './timing.mjs'
import { version } from './core.mjs'

const names = process.argv[process.argv.indexOf('--rows') + 1].split(',')
want(names)
// the rows with default options are last, since they make the others slow for good
const TOPICS = [
  'keys', 'hits', 'fetches', 'trouble', 'writes', 'filters', 'observers', 'groups', 'infinite', 'query_defaults', 'creation',
  'mutations', 'hydration', 'persistence', 'imports', 'loop_holds', 'memory', 'defaults',
]
for (const topic of TOPICS) await (await import(`./${topic}.mjs`)).default()
process.stdout.write(JSON.stringify({ runtime: `Node ${process.version.slice(1)}, query-core ${version}`, figures }), () => process.exit(0))
