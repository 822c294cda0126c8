import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countOf, MailboxView, NoSuchSequenceNumber } from './mailbox-view.ts'

const view = (...uids: number[]): MailboxView => new MailboxView(Uint32Array.from(uids))
const uidsOf = (v: MailboxView): number[] => Array.from({ length: v.count }, (_, position) => v.uidAt(position))
const STAR = 0xffffffff

describe('resolve', () => {
  const four = view(2, 5, 6, 9)

  it.each<[string, [number, number][], boolean, { first: number; last: number }[]]>([
    ['one number', [[2, 2]], false, [{ first: 1, last: 1 }]],
    ['a reversed range', [[3, 1]], false, [{ first: 0, last: 2 }]],
    ['"*" as the last message', [[STAR, STAR]], false, [{ first: 3, last: 3 }]],
    ['n:* from above the last message', [[4, STAR]], false, [{ first: 3, last: 3 }]],
    [
      'overlaps and doubles once',
      [
        [1, 2],
        [2, 3],
        [1, 1],
      ],
      false,
      [{ first: 0, last: 2 }],
    ],
    ['UIDs between messages', [[3, 8]], true, [{ first: 1, last: 2 }]],
    ['UIDs that no message has', [[3, 4]], true, []],
    ['a UID beyond the last, as n:*, by the last message', [[100, STAR]], true, [{ first: 3, last: 3 }]],
    ['all UIDs', [[1, STAR]], true, [{ first: 0, last: 3 }]],
  ])('takes %s', (_, set, byUid, runs) => {
    expect(four.resolve(set, byUid)).toEqual(runs)
  })

  it('refuses a sequence number above the number of messages', () => {
    expect(() => four.resolve([[1, 5]], false)).toThrow(NoSuchSequenceNumber)
  })

  it('refuses "*" in an empty mailbox by sequence number and passes over it by UID', () => {
    expect(() => view().resolve([[1, STAR]], false)).toThrow(NoSuchSequenceNumber)
    expect(view().resolve([[1, STAR]], true)).toEqual([])
    for (const set of [
      [1, STAR],
      [STAR, STAR],
      [1, 9],
    ] as const)
      expect(view().resolve([[...set]], false, true)).toEqual([])
    expect(
      four.resolve(
        [
          [3, 9],
          [7, 9],
          [STAR, 1000],
        ],
        false,
        true,
      ),
    ).toEqual([{ first: 2, last: 3 }])
  })
})

describe('remove', () => {
  it('gives the positions before the removal, and closes the gaps', () => {
    const v = view(1, 2, 3, 4, 5)
    expect(
      v.remove([
        { from: 2, to: 2 },
        { from: 4, to: 9 },
      ]),
    ).toEqual({ positions: [1, 3, 4], uids: [2, 4, 5] })
    expect(uidsOf(v)).toEqual([1, 3])
  })

  it('passes over messages it does not hold', () => {
    const v = view(1, 3)
    expect(v.remove([{ from: 2, to: 2 }]).uids).toEqual([])
    expect(uidsOf(v)).toEqual([1, 3])
  })
})

describe('append', () => {
  it('ignores UIDs it knows already, so that a doubled notice does no harm', () => {
    const v = view(1, 2)
    expect(v.append([1, 2, 3])).toBe(1)
    expect(v.append([2, 3])).toBe(0)
    expect(uidsOf(v)).toEqual([1, 2, 3])
  })
})

describe('matchedUpTo', () => {
  it('is the example of RFC 7162 §3.2.5.2', () => {
    const v = view(1, 3, 5, 8, 10, 11, 12, 13, 14, 15, 16, 25)
    expect(
      v.matchedUpTo(
        [
          [4, 4],
          [12, 12],
        ],
        [
          [8, 8],
          [24, 24],
        ],
      ),
    ).toBe(8)
  })

  it('ends with the view, whatever range the client claims', () => {
    expect(view(1, 2, 3).matchedUpTo([[1, STAR]], [[1, STAR]])).toBe(3)
  })

  it('is 0 where the first pair does not match', () => {
    expect(view(1, 3).matchedUpTo([[2, 2]], [[2, 2]])).toBe(0)
  })
})

type Change = { kind: 'append'; by: number[] } | { kind: 'remove'; from: number; length: number }

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), by: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 30 }) }),
  fc.record({
    kind: fc.constant('remove' as const),
    from: fc.integer({ min: 1, max: 200 }),
    length: fc.integer({ min: 0, max: 40 }),
  }),
)

describe('a view', () => {
  it('stays equal to a plain list under any changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), changes => {
        const v = view()
        let model: number[] = []
        let next = 0
        for (const step of changes) {
          if (step.kind === 'append') {
            const added = step.by.map(gap => (next += gap))
            expect(v.append(added)).toBe(added.length)
            model.push(...added)
          } else {
            const to = step.from + step.length
            const gone = model.filter(uid => uid >= step.from && uid <= to)
            const removed = v.remove([{ from: step.from, to }])
            expect(removed.uids).toEqual(gone)
            expect(removed.positions).toEqual(gone.map(uid => model.indexOf(uid)))
            model = model.filter(uid => !gone.includes(uid))
          }
          expect(uidsOf(v)).toEqual(model)
          for (const [index, uid] of model.entries()) expect(v.positionOf(uid)).toBe(index)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('resolves any UID set to just the messages in it', () => {
    const range = fc.tuple(
      fc.integer({ min: 1, max: 60 }),
      fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(STAR)),
    )
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 50 })), fc.array(range, { maxLength: 6 }), (uids, set) => {
        const sorted = uids.sort((a, b) => a - b)
        const v = view(...sorted)
        const last = sorted.at(-1) ?? 0
        const inSet = (uid: number): boolean =>
          set.some(([a, b]) => {
            const end = b === STAR ? last : b
            return uid >= Math.min(a, end) && uid <= Math.max(a, end)
          })
        const runs = v.resolve(set, true)
        expect([...v.uidsOf(runs)]).toEqual(sorted.filter(inSet))
        expect(countOf(runs)).toBe(sorted.filter(inSet).length)
        expect(v.rangesOf(runs).every(({ from, to }) => from <= to)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
