/** Streams: calls that answer with chunks, by themselves. difftest/streams.py holds the twin. */
import { core } from './query_core.mjs'
import { clone, isObject, ProtocolError } from './values.mjs'
import { vt } from './virtual_time.mjs'

const FIELDS = ['chunks', 'delay', 'fail_at', 'refetch_mode', 'reducer', 'initial_value']

export const isStream = (spec) => isObject(spec) && 'stream' in spec

/**
 * A query function that streams: {stream: {chunks, delay, fail_at, refetch_mode, reducer, initial_value}}.
 * recordOf(context): what the trace shows of the call.
 */
export function streamedQuery(run, { stream: spec }, consumeSignal, recordOf) {
  for (const field of Object.keys(spec)) {
    if (!FIELDS.includes(field)) throw new ProtocolError(`unknown stream field ${JSON.stringify(field)}`)
  }
  return core.experimental_streamedQuery({
    streamFn: (context) => open(run.network, recordOf(context), spec, consumeSignal ? context.signal : undefined),
    ...('refetch_mode' in spec && { refetchMode: spec.refetch_mode }),
    ...('reducer' in spec && { reducer: run.convert('fn', spec.reducer) }),
    ...('initial_value' in spec && { initialValue: clone(spec.initial_value) }),
  })
}

function open(network, record, { chunks, delay = null, fail_at: failAt = [null] }, signal) {
  const call = network.begin(record)
  const data = Array.isArray(chunks) ? chunks : Array.from({ length: chunks }, (_, i) => ({ n: call.ordinal, i }))
  const last = failAt[Math.min(call.ordinal, failAt.length - 1)]
  let isOpen = true
  let abort
  const aborted = new Promise((_, reject) => (abort = reject))
  aborted.catch(() => undefined)
  const onAbort = () => {
    if (!isOpen) return
    isOpen = false
    network.log({ id: call.id, t: vt.now, aborted: true })
    abort(new Error('aborted'))
  }
  if (signal?.aborted) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })

  async function* arriving() {
    for (let i = 0; ; i++) {
      const isOver = i === data.length && i !== last
      if (isOver && i > 0) break
      if (delay !== null) await Promise.race([new Promise((resolve) => setTimeout(resolve, delay)), aborted])
      if (isOver) break
      if (i === last) {
        isOpen = false
        throw new Error(`broke off at ${i}`)
      }
      yield clone(data[i])
    }
    isOpen = false
  }
  return arriving()
}
