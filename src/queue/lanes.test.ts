import { describe, expect, it } from 'vitest'
import type { Batch } from './delivery.ts'
import { Lanes } from './lanes.ts'

const batch = (destination: string, queueId: number, accountId: number | null = null): Batch => ({
  message: {
    queueId,
    reversePath: accountId === null ? '' : 'someone@here.test',
    blobHash: '',
    sizeBytes: queueId,
    accountId,
    ret: null,
    envelopeId: null,
    smtpUtf8: false,
    eightBit: false,
    createdAt: 0,
  },
  destination,
  recipients: [],
  leaseUntil: 0,
})
const anyone = (): boolean => true
const started = (lanes: Lanes, times: number) =>
  Array.from({ length: times }, () => lanes.start(anyone)?.message.queueId ?? null)

describe('lanes', () => {
  it('take turns, however much waits in one of them', () => {
    const lanes = new Lanes(100)
    for (let i = 1; i <= 5; i++) lanes.add(batch('busy.test', i))
    lanes.add(batch('b.test', 10))
    lanes.add(batch('c.test', 20))
    expect(started(lanes, 8)).toEqual([1, 10, 20, 2, 3, 4, 5, null])
  })

  it('take turns among senders to one destination, however much one of them has sent before', () => {
    const lanes = new Lanes(100)
    for (let i = 1; i <= 4; i++) lanes.add(batch('busy.test', i, 1))
    lanes.add(batch('busy.test', 10, 3))
    lanes.add(batch('busy.test', 20))
    lanes.add(batch('busy.test', 11, 3))
    expect(lanes.waiting('busy.test')).toBe(7)
    expect(started(lanes, 8)).toEqual([1, 10, 20, 2, 11, 3, 4, null])
  })

  it('pass over a sender who has his share, not over who waits behind him', () => {
    const lanes = new Lanes(100)
    lanes.add(batch('a.test', 1, 1))
    lanes.add(batch('a.test', 2, 2))
    expect(lanes.start(({ message }) => message.accountId !== 1)?.message.queueId).toBe(2)
    expect(started(lanes, 2)).toEqual([1, null])
  })

  it('let so many run at once, and the next when one is finished', () => {
    const lanes = new Lanes(2)
    for (let i = 1; i <= 4; i++) lanes.add(batch('a.test', i))
    expect(started(lanes, 3)).toEqual([1, 2, null])
    expect(lanes.waiting('a.test')).toBe(2)
    lanes.finished('a.test')
    expect(started(lanes, 2)).toEqual([3, null])
  })

  it('pass over what does not fit now, not over its neighbours', () => {
    const lanes = new Lanes(2)
    lanes.add(batch('large.test', 1_000))
    lanes.add(batch('small.test', 1))
    expect(lanes.start(({ message }) => message.sizeBytes < 10)?.message.queueId).toBe(1)
    expect(started(lanes, 1)).toEqual([1_000])
  })

  it('give back what waits', () => {
    const lanes = new Lanes(1)
    for (let i = 1; i <= 3; i++) lanes.add(batch('a.test', i))
    lanes.add(batch('b.test', 9))
    expect(started(lanes, 1)).toEqual([1])
    expect(lanes.clear('a.test').map(({ message }) => message.queueId)).toEqual([2, 3])
    expect(lanes.clear().map(({ message }) => message.queueId)).toEqual([9])
    lanes.finished('a.test')
    expect(started(lanes, 1)).toEqual([null])
  })

  describe('whose destination turns some away', () => {
    /** With so many at once, all of them trying. */
    const trying = (concurrency: number): Lanes => {
      const lanes = new Lanes(concurrency)
      for (let i = 1; i <= 100; i++) lanes.add(batch('a.test', i))
      started(lanes, concurrency)
      for (let i = 0; i < concurrency; i++) lanes.tries('a.test')
      return lanes
    }
    const ends = (lanes: Lanes, how: 'letIn' | 'turnedAway'): void => {
      lanes[how]('a.test')
      lanes.finished('a.test')
    }

    it('are as wide as it lets in, and keep what waits', () => {
      const lanes = trying(4)
      for (let i = 0; i < 2; i++) {
        expect(lanes.turnedAway('a.test')).toEqual([])
        lanes.finished('a.test')
      }
      expect(started(lanes, 1)).toEqual([null])
      ends(lanes, 'letIn')
      expect(started(lanes, 2)).toEqual([5, null])
    })

    it('keep what waits when it turned away the last, but let in another meanwhile', () => {
      const lanes = trying(2)
      ends(lanes, 'letIn')
      expect(lanes.turnedAway('a.test')).toEqual([])
      lanes.finished('a.test')
      expect(started(lanes, 2)).toEqual([3, null])
      lanes.tries('a.test')
      expect(lanes.turnedAway('a.test')).toHaveLength(97)
    })

    it('count those it let in as let in for as long as they run', () => {
      const lanes = trying(10)
      for (let i = 0; i < 9; i++) lanes.letIn('a.test')
      expect(lanes.turnedAway('a.test')).toEqual([])
      for (let i = 0; i < 10; i++) lanes.finished('a.test')
      expect(started(lanes, 10)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, null])
    })

    it('keep what waits while those it let in still run, whoever tries next', () => {
      const lanes = trying(2)
      lanes.letIn('a.test')
      ends(lanes, 'letIn')
      expect(started(lanes, 1)).toEqual([3])
      lanes.tries('a.test')
      expect(lanes.turnedAway('a.test')).toEqual([])
    })

    it('give back what waits when it turned all of them away', () => {
      const lanes = trying(3)
      expect(lanes.turnedAway('a.test')).toEqual([])
      expect(lanes.turnedAway('a.test')).toEqual([])
      expect(lanes.turnedAway('a.test')).toHaveLength(97)
    })

    it('become wider again, one by one, while it lets in', () => {
      const lanes = trying(3)
      for (let i = 0; i < 2; i++) ends(lanes, 'turnedAway')
      for (let i = 1; i < 50; i++) {
        ends(lanes, 'letIn')
        expect(started(lanes, 2)).toEqual([i + 3, null])
        lanes.tries('a.test')
      }
      ends(lanes, 'letIn')
      expect(started(lanes, 3)).toEqual([53, 54, null])
    })
  })
})
