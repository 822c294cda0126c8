import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mergeRuns, type Run } from './mailbox-view.ts'
import { intersectRuns, sliceRuns, subtractRuns, uniteRuns } from './runs.ts'

const runs = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 5 })), { maxLength: 8 })
  .map(pairs => mergeRuns(pairs.map(([first, more]) => ({ first, last: first + more }))))

const members = (of: readonly Run[]): number[] =>
  of.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at))

it('treats runs as the sets they stand for', () => {
  fc.assert(
    fc.property(runs, runs, (a, b) => {
      const before = JSON.stringify([a, b])
      const [inA, inB] = [new Set(members(a)), new Set(members(b))]
      const sorted = (set: Set<number>): number[] => [...set].sort((x, y) => x - y)
      expect(members(intersectRuns(a, b))).toEqual(sorted(inA.intersection(inB)))
      expect(members(uniteRuns(a, b))).toEqual(sorted(inA.union(inB)))
      expect(members(subtractRuns(a, b))).toEqual(sorted(inA.difference(inB)))
      expect(JSON.stringify([a, b])).toBe(before)
    }),
    { numRuns: 500 },
  )
})

it('slices runs as an array of what they hold', () => {
  fc.assert(
    fc.property(runs, fc.nat(60), fc.nat(60), (all, start, end) => {
      const sliced = sliceRuns(all, start, end)
      expect(members(sliced)).toEqual(members(all).slice(start, end))
      expect(mergeRuns(sliced.map(run => ({ ...run })))).toEqual(sliced)
    }),
    { numRuns: 500 },
  )
})
