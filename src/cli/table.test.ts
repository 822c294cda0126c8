import { describe, expect, it } from 'vitest'
import { humanTime, readableName } from './table.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('a name in a table', () => {
  it('is written as people write it', () => {
    expect(readableName('xn--mnchen-3ya.example')).toBe('münchen.example')
    expect(readableName('xn--ab@xn--mnchen-3ya.example')).toBe('xn--ab@münchen.example')
    expect(readableName('alice@example.org')).toBe('alice@example.org')
    expect(readableName('xn--!.example')).toBe('xn--!.example')
  })
})

describe('how long ago, or until', () => {
  it.each([
    // A link of seven days, printed some milliseconds after it was made.
    [7 * DAY - 12, 'in 7 d'],
    [DAY - 400, 'in 1 d'],
    [3.7 * HOUR, 'in 4 h'],
    [90, 'in 0 s'],
    [-1_200, '1 s ago'],
    [-2 * HOUR, '2 h ago'],
  ])('%d ms: %s', (ms, text) => expect(humanTime(1e12 + ms, 1e12)).toBe(text))
})
