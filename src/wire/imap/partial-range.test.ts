import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPartial, spanOf } from './partial-range.ts'

const number = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 0xffffffff }))
const range = fc.record({ from: number, to: number, fromLast: fc.boolean() })

describe('PARTIAL', () => {
  it('takes the results whose place is in the range, from either end', () => {
    fc.assert(
      fc.property(range, fc.nat(10), (partial, count) => {
        const results = Array.from({ length: count }, (_, index) => index)
        const place = (index: number): number => (partial.fromLast ? count - index : index + 1)
        const [low, high] = [Math.min(partial.from, partial.to), Math.max(partial.from, partial.to)]
        const { start, end } = spanOf(partial, count)
        expect(start).toBeLessThanOrEqual(end)
        expect(results.slice(start, end)).toEqual(results.filter(index => place(index) >= low && place(index) <= high))
      }),
    )
  })

  it('is told as it was asked', () => {
    expect(formatPartial({ from: 500, to: 1, fromLast: false })).toBe('500:1')
    expect(formatPartial({ from: 1, to: 4294967295, fromLast: true })).toBe('-1:-4294967295')
  })
})
