/** Function vocabulary: {"$fn": NAME, "args": [...]} -> a function. difftest/functions.py holds the twins. */
import { core } from './query_core.mjs'
import { camel, errorName, isObject, num, ProtocolError, val } from './values.mjs'

export const FUNCTIONS = {
  // select(data) / generic data -> data
  get: (field) => (data) => data?.[field],
  wrap: (field) => (data) => ({ [field]: data }),
  const: (value) => () => val(value),
  throw_if: (field, value) => (data) => {
    if (data?.[field] === value) throw new Error(`select ${field}=${JSON.stringify(value)}`)
    return data
  },
  throw_on_pages: (count) => (data) => {
    if (data?.pages?.length === count) throw new Error(`select ${count} pages`)
    return data
  },
  // updater(old) for set_data
  inc: (field) => (old) => ({ ...(isObject(old) ? old : {}), [field]: (old?.[field] ?? 0) + 1 }),
  append: (item) => (old) => [...(Array.isArray(old) ? old : []), item],
  keep: () => (old) => old,
  nothing: () => () => undefined,
  drop_page: (index) => (old) => onPages(old, (items) => items.filter((_, i) => i !== (index < 0 ? items.length + index : index))),
  inc_pages: (field) => (old) => old?.pages && { ...old, pages: old.pages.map(FUNCTIONS.inc(field)) },
  // reducer(data, chunk) of a stream
  tally: () => (data, chunk) => ({ ...(isObject(data) ? data : {}), n: (data?.n ?? 0) + 1, last: chunk }),
  // (query) -> value, for enabled / stale_time / refetch_interval
  no_data: () => (query) => query.state.data === undefined,
  by_parity: (even, odd) => (query) => num(query.state.dataUpdateCount % 2 === 0 ? even : odd),
  until_count: (count, value) => (query) => (query.state.dataUpdateCount < count ? num(value) : false),
  // retry(failureCount, error)
  retry_while: (count) => (failureCount) => failureCount < count,
  retry_if: (message) => (failureCount, error) => failureCount < 10 && errorName(error) === message,
  // retry_delay(failureCount, error)
  linear: (step) => (failureCount) => step * (failureCount + 1),
  exponential: (base, max) => (failureCount) => Math.min(base * 2 ** failureCount, max),
  // placeholder_data(previousData, previousQuery)
  keep_previous: () => core.keepPreviousData,
  // next_page / prev_page (page, pages, param, params)
  next_until: (last, step = 1) => (_p, _ps, param) => (param + step <= last ? param + step : undefined),
  prev_until: (first, step = 1) => (_p, _ps, param) => (param - step >= first ? param - step : undefined),
  next_of_all: (last) => (page, pages, param, params) => {
    const next = (page?.n ?? 0) + 10 * pages.length + 100 * params.length + param
    return next <= 110 * last ? next : null
  },
  // combine(results)
  all_data: () => (results) => results.map((r) => r.data),
  first_data: () => (results) => results[0]?.data ?? null,
  count: (field) => (results) => results.filter((r) => r[camel(field)]).length,
  by_place: (field) => (results) => ({ first: results[0]?.[camel(field)], rest: results.slice(1).map((r) => r[camel(field)]) }),
  // predicate(query | mutation)
  has_data: () => (q) => q.state.data !== undefined,
  key_contains: (part) => (q) => (q.queryKey ?? q.options.mutationKey ?? []).includes(part),
}

/** Pages of which both lists went through the same change. */
const onPages = (data, change) => data?.pages && { pages: change(data.pages), pageParams: change(data.pageParams) }

export const isFnSpec = (v) => isObject(v) && '$fn' in v

export function makeFunction(spec) {
  const factory = FUNCTIONS[spec.$fn]
  if (!factory) throw new ProtocolError(`unknown function ${JSON.stringify(spec.$fn)}`)
  return factory(...(spec.args ?? []))
}
