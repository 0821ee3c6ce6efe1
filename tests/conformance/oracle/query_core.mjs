/** The reference itself: @tanstack/query-core, loaded after the clock so that it cannot grab the real timers. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { vt } from './virtual_time.mjs'

function findCore(explicit) {
  const here = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
  const under = (dir) => path.join(dir, 'node_modules', '@tanstack', 'query-core')
  const candidates = [
    explicit,
    process.env.QUERY_CORE,
    under(here),
    under(process.cwd()),
  ].filter(Boolean)
  const dir = candidates.find((c) => existsSync(path.join(c, 'package.json')))
  if (!dir) throw new Error(`@tanstack/query-core not found, looked in: ${candidates.join(', ')}. Run npm ci next to oracle.mjs.`)
  return dir
}

export let core
export let coreVersion

export async function loadCore(explicit) {
  vt.install()
  const dir = findCore(explicit)
  const pkg = JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8'))
  const entry = pkg.exports?.['.']?.import?.default ?? pkg.module ?? pkg.main
  core = await import(pathToFileURL(path.join(dir, entry)).href)
  coreVersion = pkg.version
}

