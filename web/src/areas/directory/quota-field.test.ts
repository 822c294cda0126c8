import { describe, expect, it } from 'vitest'
import { bytesOf, quotaValue } from './quota-field.tsx'

const MB = 1024 ** 2
const GB = 1024 ** 3

describe('a space', () => {
  it.each([
    [5 * GB, '5'],
    [0.5 * GB, '0.5'],
    [500 * MB, '0.49'],
    [100 * MB, '0.098'],
    [4 * MB, '0.0039'],
    [1, '9.3e-10'],
    [1_000_000_000_000, '931.32'],
  ])('of %i bytes is shown as %s GB, and is what it was where that was not touched', (bytes, gigabytes) => {
    const value = quotaValue(bytes)
    expect(value.gigabytes).toBe(gigabytes)
    expect(bytesOf(value)).toBe(bytes)
  })

  it('that is typed is read as it stands, with a point or a comma', () => {
    const value = quotaValue(500 * MB)
    expect(bytesOf({ ...value, gigabytes: '0.5' })).toBe(0.5 * GB)
    expect(bytesOf({ ...value, gigabytes: '0,5' })).toBe(0.5 * GB)
    expect(bytesOf({ ...value, gigabytes: '0' })).toBeUndefined()
    expect(bytesOf({ ...value, unlimited: true })).toBeNull()
    expect(bytesOf({ ...quotaValue(null, '5'), unlimited: false })).toBe(5 * GB)
  })
})
