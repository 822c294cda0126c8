import { describe, expect, it } from 'vitest'
import { countSplits } from './plot-splits.ts'

describe('the axis of counts', () => {
  it('is marked at whole numbers', () => {
    expect(countSplits(1, 220)).toEqual([0, 1])
    expect(countSplits(1.12, 140)).toEqual([0, 1])
    expect(countSplits(3.36, 220)).toEqual([0, 1, 2, 3])
    expect(countSplits(13, 220)).toEqual([0, 5, 10])
    expect(countSplits(12_000, 220)).toEqual([0, 5000, 10_000])
  })
})
