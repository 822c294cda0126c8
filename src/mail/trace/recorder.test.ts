import { describe, expect, it } from 'vitest'
import { silentLog } from '../../ops/log.ts'
import type { Operations } from '../../store/store.ts'
import { StoreError } from '../../store/store.ts'
import type { NewTrace } from '../../store/types/trace.ts'
import * as limits from './limits.ts'
import { type SeenRefusal, TraceRecorder } from './recorder.ts'

const HOUR_MS = 60 * 60_000

function setUp() {
  let now = 0
  let fails = false
  const traces: NewTrace[] = []
  const indexed: number[] = []
  let unindexed = 0
  const store = {
    async write(operation: string, args: unknown) {
      if (fails) throw new StoreError('unavailable', 'disk full')
      if (operation === 'trace.record') traces.push(...(args as Operations['trace.record']['args']).traces)
      else indexed.push(now)
    },
    read: async () => unindexed,
  }
  const planned: (() => void)[] = []
  const recorder = new TraceRecorder({
    // The two methods it calls, for the operations it calls them with.
    store: store as never,
    clock: { now: () => now },
    log: silentLog,
    after: (_, run) => void planned.push(run),
  })
  return {
    recorder,
    traces,
    indexed,
    planned,
    setTime: (time: number) => (now = time),
    setFailing: (on: boolean) => (fails = on),
    setUnindexed: (count: number) => (unindexed = count),
  }
}

const refusal = (remoteAddress: string, over: Partial<SeenRefusal> = {}): SeenRefusal => ({
  id: '',
  accountId: null,
  reversePath: 'A@away.test',
  recipients: ['Nobody@here.test'],
  sizeBytes: 0,
  reason: 'user-unknown',
  answer: '550 5.1.1 User unknown',
  origin: { via: 'smtp', remoteAddress, helo: null, tls: null, credential: null, appPasswordId: null },
  ...over,
})
const countOf = ({ recipients }: NewTrace): number =>
  recipients[0]?.first.kind === 'refused' ? recipients[0].first.count : 0

describe('a recorder of the trace', () => {
  it('keeps refusals one by one, in lower case', async () => {
    const { recorder, traces } = setUp()
    recorder.refused(refusal('192.0.2.1'))
    expect(traces).toEqual([])
    await recorder.flush()
    expect(traces).toMatchObject([
      {
        direction: 'in',
        reversePath: 'a@away.test',
        recipients: [{ address: 'nobody@here.test', first: { count: 1 } }],
      },
    ])
  })

  it('counts what one address repeats, in one row for the hour', async () => {
    const { recorder, traces, setTime } = setUp()
    for (let n = 0; n < 50_000; n++) recorder.refused(refusal('192.0.2.1'))
    await recorder.flush()
    expect(traces).toHaveLength(limits.REFUSALS_AN_HOUR)
    setTime(HOUR_MS)
    recorder.refused(refusal('192.0.2.1'))
    await recorder.flush()
    expect(traces).toHaveLength(limits.REFUSALS_AN_HOUR + 2)
    expect(traces.reduce((sum, trace) => sum + countOf(trace), 0)).toBe(50_001)
  })

  it('bounds a flood from many addresses, and loses none of the count', async () => {
    const { recorder, traces } = setUp()
    for (let n = 0; n < 60_000; n++) recorder.refused(refusal(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`))
    await recorder.stop()
    expect(traces.length).toBeLessThanOrEqual(limits.ALL_REFUSALS_AN_HOUR + limits.COUNTED_ADDRESSES + 1)
    expect(traces.reduce((sum, trace) => sum + countOf(trace), 0)).toBe(60_000)
  })

  it('keeps those of an account apart from strangers’', async () => {
    const { recorder, traces } = setUp()
    for (let n = 0; n < 60_000; n++) recorder.refused(refusal(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`))
    recorder.refused(refusal('192.0.2.1', { accountId: 7 }))
    await recorder.flush()
    expect(traces.at(-1)).toMatchObject({ accountId: 7, direction: 'out' })
  })

  it('tries again what could not be written', async () => {
    const { recorder, traces, planned, setFailing } = setUp()
    recorder.refused(refusal('192.0.2.1'))
    setFailing(true)
    await recorder.flush()
    expect(traces).toEqual([])
    setFailing(false)
    expect(planned).toHaveLength(1)
    await recorder.flush()
    expect(traces).toHaveLength(1)
  })

  it('has a segment made when there are enough traces without', async () => {
    const { recorder, indexed, setUnindexed } = setUp()
    const settled = () => new Promise(resolve => setImmediate(resolve))
    // Nothing is known at first.
    recorder.written()
    await settled()
    expect(indexed).toHaveLength(1)
    setUnindexed(2)
    for (let n = 1; n < limits.SEGMENT_TRACES; n++) recorder.written()
    await settled()
    expect(indexed).toHaveLength(1)
    recorder.written()
    await settled()
    expect(indexed).toHaveLength(2)
  })
})
