import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChunkDecoder, parseBdat } from './chunk.ts'

function decode(pieces: string[], maxBytes = 1000) {
  const out: Buffer[] = []
  const decoder = new ChunkDecoder(maxBytes, {
    write: (chunk, start, end) => out.push(Buffer.from(chunk.subarray(start, end))),
  })
  for (const piece of pieces) decoder.push(Buffer.from(piece, 'latin1'))
  decoder.finish()
  const { size, bareLineEnd, nul, tooBig, eightBit } = decoder
  return { text: Buffer.concat(out).toString('latin1'), size, bareLineEnd, nul, tooBig, eightBit }
}

describe('BDAT', () => {
  it.each([
    ['BDAT 100', { size: 100, last: false }],
    ['bdat 0 last', { size: 0, last: true }],
    ['BDAT 1000 LAST', { size: 1000, last: true }],
  ])('%s is understood', (line, expected) => {
    expect(parseBdat(line)).toEqual(expected)
  })

  it.each([
    'BDAT',
    'BDAT LAST',
    'BDAT -1',
    'BDAT 1 2',
    'BDAT 10 LASTLY',
    'BDAT  10',
    'BDAT 0x10',
    'BDAT 99999999999999999',
  ])('%s is not', line => {
    expect(parseBdat(line)).toBeNull()
  })
})

describe('a message in chunks', () => {
  it('is its octets: dots are nothing special', () => {
    expect(decode(['a\r\n.\r\n', '..\r\n'])).toEqual({
      text: 'a\r\n.\r\n..\r\n',
      size: 10,
      bareLineEnd: false,
      nul: false,
      tooBig: false,
      eightBit: false,
    })
  })

  it('may be cut between CR and LF', () => {
    expect(decode(['a\r', '\nb\r\n'])).toMatchObject({ text: 'a\r\nb\r\n', bareLineEnd: false })
  })

  it.each([[['a\rb']], [['a\nb']], [['a\r']], [['\n']], [['a\r', 'b\r\n']], [['a\r\r\n']]])(
    '%j has a bare CR or LF',
    pieces => {
      expect(decode(pieces).bareLineEnd).toBe(true)
    },
  )

  it('notes NUL, octets above 127, and what is too much', () => {
    expect(decode(['a\0']).nul).toBe(true)
    expect(decode(['\x80']).eightBit).toBe(true)
    expect(decode(['aaaa', 'bbbb'], 7)).toMatchObject({ tooBig: true, size: 8, text: 'aaaa' })
  })

  it('comes out the same however it is cut', () => {
    const octets = fc.string({ unit: fc.constantFrom('\r', '\n', '.', 'a', '\r\n'), maxLength: 20 })
    fc.assert(
      fc.property(octets, fc.nat(20), (text, cut) => {
        const { text: whole, ...facts } = decode([text])
        const pieces = decode([text.slice(0, cut), text.slice(cut)])
        expect(pieces).toMatchObject(facts)
        if (!facts.bareLineEnd) expect(pieces.text).toBe(whole)
      }),
      { numRuns: 300 },
    )
  })
})
