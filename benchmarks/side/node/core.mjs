// TanStack Query, as `make reference` installs it for the tests that compare with it
import { createRequire } from 'node:module'

export * from '../../../tests/conformance/node_modules/@tanstack/query-core/build/modern/index.js'

const require = createRequire(new URL('../../../tests/conformance/package.json', import.meta.url))
export const version = require('./node_modules/@tanstack/query-core/package.json').version
