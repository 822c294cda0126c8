import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DATA_CHUNK_BYTES, dataChunks } from './data.ts'

const sent = (message: string): string =>
  Buffer.concat([...dataChunks(Buffer.from(message, 'latin1'))]).toString('latin1')

describe('a message behind DATA', () => {
  it.each([
    ['a\r\nb\r\n', 'a\r\nb\r\n.\r\n'],
    ['a', 'a\r\n.\r\n'],
    ['', '.\r\n'],
    ['.\r\n', '..\r\n.\r\n'],
    ['a\r\n.\r\nb\r\n', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\r\n..b\r\n', 'a\r\n...b\r\n.\r\n'],
    // Smuggling: no bare line end leaves, and no dot behind one stays alone.
    ['a\n.\nb\n', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\r.\rb\r\n', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\n.\r\nb\r\n', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\r\n.\nb', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\r\r\n.\r\n', 'a\r\n\r\n..\r\n.\r\n'],
    ['a\r', 'a\r\n.\r\n'],
  ])('%j goes as %j', (message, wire) => {
    expect(sent(message)).toBe(wire)
  })

  it('comes out the same wherever a chunk ends', () => {
    const slow = (message: string): string => {
      const lines = message.replace(/\r\n|\r|\n/g, '\n').split('\n')
      if (lines.at(-1) === '') lines.pop()
      return `${lines.map(line => `${line.startsWith('.') ? '.' : ''}${line}\r\n`).join('')}.\r\n`
    }
    const near = fc
      .array(fc.constantFrom('\r', '\n', '.', 'x', '\r\n'), { minLength: 0, maxLength: 12 })
      .map(parts => parts.join(''))
    fc.assert(
      fc.property(near, fc.nat(12), near, (tail, before, rest) => {
        const message = `${'y'.repeat(DATA_CHUNK_BYTES - before)}${tail}${rest}`
        expect(sent(message) === slow(message)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
