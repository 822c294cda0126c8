import { describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../ops/durations.ts'
import { silentLog } from '../../ops/log.ts'
import type { Operations } from '../../store/store.ts'
import { StoreError } from '../../store/store.ts'
import type { NewTrace } from '../../store/types/trace.ts'
import * as limits from './limits.ts'
import { type SeenRefusal, TraceRecorder } from './recorder.ts'

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

  it('has some taken into the index when there are enough that are not, with a pause between', async () => {
    const { recorder, indexed, planned, setUnindexed } = setUp()
    const settled = () => new Promise(resolve => setImmediate(resolve))
    const endPause = async () => {
      for (const run of planned.splice(0)) run()
      await settled()
    }
    // Nothing is known at first.
    setUnindexed(2)
    recorder.written()
    await settled()
    expect(indexed).toHaveLength(1)
    await endPause()
    for (let n = 3; n < limits.INDEXED_AT_ONCE; n++) recorder.written()
    await settled()
    expect(indexed).toHaveLength(1)
    setUnindexed(limits.INDEXED_AT_ONCE)
    recorder.written()
    await settled()
    expect(indexed).toHaveLength(2)
    // More wait, and more come: not before the pause is over.
    for (let n = 0; n < 1_000; n++) recorder.written()
    await settled()
    expect(indexed).toHaveLength(2)
    setUnindexed(2)
    await endPause()
    expect(indexed).toHaveLength(3)
    await endPause()
    expect(indexed).toHaveLength(3)
  })

  it('begins no step after its end', async () => {
    const { recorder, indexed, planned, setUnindexed } = setUp()
    setUnindexed(limits.INDEXED_AT_ONCE)
    recorder.written()
    await recorder.stop()
    for (const run of planned.splice(0)) run()
    await recorder.flush()
    expect(indexed).toHaveLength(1)
  })
})
