import fc from 'fast-check'
import { expect, it } from 'vitest'
import { countLines } from './lines.ts'

it('counts line feeds of any region of any bytes', () => {
  const bytes = fc.array(fc.constantFrom(0x0a, 0x0b, 0x09, 0x8a, 0x0d, 0x00, 0xff), { maxLength: 40 })
  fc.assert(
    fc.property(bytes, fc.nat(12), fc.nat(40), (list, from, to) => {
      const buffer = Buffer.from(list)
      const expected = list.slice(from, to).filter(byte => byte === 0x0a).length
      expect(countLines(buffer, from, Math.min(to, list.length))).toBe(expected)
    }),
    { numRuns: 500 },
  )
})
