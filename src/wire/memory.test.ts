import { describe, expect, it } from 'vitest'
import { freeMemory, freeWholeMemory } from './memory.ts'

describe('memory given back', () => {
  it('is that of large buffers that have memory of their own', () => {
    const own = Buffer.allocUnsafeSlow(100_000)
    freeMemory(own)
    expect(own.byteLength).toBe(0)
    const part = Buffer.allocUnsafeSlow(100_000).subarray(10, 20_000)
    freeWholeMemory(part)
    expect(part.byteLength).toBe(0)
  })

  it('is neither that of parts nor that of small ones, which may share it', () => {
    const part = Buffer.allocUnsafeSlow(100_000).subarray(10)
    const pooled = Buffer.from('a small text')
    for (const bytes of [part, pooled]) {
      freeMemory(bytes)
      expect(bytes.byteLength).toBeGreaterThan(0)
    }
  })
})
