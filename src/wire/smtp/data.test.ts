import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DataDecoder } from './data.ts'

/** Pushes `wire` in pieces cut at `cuts`, and gives what came out and what was left. */
function decode(wire: string, options: { cuts?: number[]; maxBytes?: number } = {}) {
  const bytes = Buffer.from(wire, 'latin1')
  const out: Buffer[] = []
  const decoder = new DataDecoder(options.maxBytes ?? 1000, {
    write: (chunk, start, end) => out.push(Buffer.from(chunk.subarray(start, end))),
  })
  const cuts = [...new Set(options.cuts ?? [])].filter(cut => cut > 0 && cut < bytes.length).sort((a, b) => a - b)
  let used = 0
  for (const end of [...cuts, bytes.length]) {
    if (decoder.ended) break
    used += decoder.push(bytes.subarray(used, end))
  }
  return {
    text: Buffer.concat(out).toString('latin1'),
    rest: wire.slice(used),
    ended: decoder.ended,
    size: decoder.size,
    bareLineEnd: decoder.bareLineEnd,
    nul: decoder.nul,
    tooBig: decoder.tooBig,
    eightBit: decoder.eightBit,
  }
}

describe('the text of DATA', () => {
  it.each([
    ['a\r\n.\r\n', 'a\r\n'],
    ['.\r\n', ''],
    ['\r\n.\r\n', '\r\n'],
    ['..\r\n.\r\n', '.\r\n'],
    ['...\r\n.\r\n', '..\r\n'],
    ['.a\r\n.\r\n', 'a\r\n'],
    ['a\r\n..b\r\n..\r\nc.\r\n.\r\n', 'a\r\n.b\r\n.\r\nc.\r\n'],
  ])('%j is %j', (wire, text) => {
    expect(decode(wire)).toMatchObject({ text, rest: '', ended: true, size: text.length, bareLineEnd: false })
  })

  it('leaves what follows the end', () => {
    expect(decode('a\r\n.\r\nQUIT\r\n')).toMatchObject({ text: 'a\r\n', rest: 'QUIT\r\n' })
  })

  it('has not ended without CR LF . CR LF', () => {
    for (const wire of ['', 'a', 'a\r\n', 'a\r\n.', 'a\r\n.\r', 'a.\r\n', '..\r\n'])
      expect(decode(wire).ended).toBe(false)
  })

  it.each([
    ['LF . LF', 'a\n.\nMAIL FROM:<x@y>\r\n.\r\n'],
    ['LF . CR LF', 'a\n.\r\nMAIL FROM:<x@y>\r\n.\r\n'],
    ['CR LF . LF', 'a\r\n.\nMAIL FROM:<x@y>\r\n.\r\n'],
    ['CR . CR', 'a\r.\rMAIL FROM:<x@y>\r\n.\r\n'],
    ['CR . CR LF', 'a\r.\r\nMAIL FROM:<x@y>\r\n.\r\n'],
    ['CR LF . CR', 'a\r\n.\rMAIL FROM:<x@y>\r\n.\r\n'],
    ['CR CR LF . CR LF', 'a\r\r\n.\r\n'],
    ['CR LF . CR CR LF', 'a\r\n.\r\r\nMAIL FROM:<x@y>\r\n.\r\n'],
    ['CR LF NUL . CR LF', 'a\r\n\0.\r\nMAIL FROM:<x@y>\r\n.\r\n'],
    ['LF CR LF . CR LF', 'a\n\r\n.\r\n'],
  ])('smuggling: %s ends nothing, and the message is marked', (_, wire) => {
    const decoded = decode(wire)
    expect(decoded).toMatchObject({ ended: true, rest: '' })
    expect(decoded.bareLineEnd || decoded.nul).toBe(true)
  })

  it('notes NUL and octets above 127', () => {
    expect(decode('a\0\r\n.\r\n')).toMatchObject({ nul: true, eightBit: false })
    expect(decode('\xe9\r\n.\r\n')).toMatchObject({ nul: false, eightBit: true })
    expect(decode('plain\r\n.\r\n')).toMatchObject({ nul: false, eightBit: false })
  })

  it('gives no more than the limit to the sink, yet finds the end', () => {
    const decoded = decode(`${'a'.repeat(50)}\r\n${'b'.repeat(5000)}\r\n.\r\n`, { maxBytes: 100, cuts: [60, 90, 2000] })
    expect(decoded).toMatchObject({ tooBig: true, ended: true, size: 5054, rest: '' })
    expect(decoded.text.length).toBeLessThanOrEqual(100)
  })

  it('takes a message of exactly the limit', () => {
    expect(decode(`${'a'.repeat(98)}\r\n.\r\n`, { maxBytes: 100 })).toMatchObject({ tooBig: false, size: 100 })
    expect(decode(`${'a'.repeat(99)}\r\n.\r\n`, { maxBytes: 100 })).toMatchObject({ tooBig: true, size: 101 })
  })

  const octets = fc.string({
    unit: fc.constantFrom('\r', '\n', '.', 'a', '\r\n', '\r\n.', '\0', '\xe9'),
    maxLength: 30,
  })
  const anyCuts = fc.array(fc.nat(80), { maxLength: 8 })

  it('comes out the same however it is cut', () => {
    fc.assert(
      fc.property(octets, anyCuts, (text, cuts) => {
        const whole = decode(`${text}\r\n.\r\nNOOP\r\n`)
        const pieces = decode(`${text}\r\n.\r\nNOOP\r\n`, { cuts })
        // A flawed message is refused whole, so how much of it reached the sink before does not matter.
        const sound = !whole.bareLineEnd && !whole.nul
        expect(pieces).toEqual({ ...whole, text: sound ? whole.text : pieces.text })
      }),
      { numRuns: 1000 },
    )
  })

  it('undoes the stuffing of any text of lines', () => {
    const lines = fc.array(fc.string({ unit: fc.constantFrom('.', 'a', ' ', '\xe9'), maxLength: 6 }), { maxLength: 8 })
    fc.assert(
      fc.property(lines, anyCuts, (content, cuts) => {
        const text = content.map(line => `${line}\r\n`).join('')
        const wire = `${content.map(line => `${line.startsWith('.') ? '.' : ''}${line}\r\n`).join('')}.\r\n`
        expect(decode(wire, { cuts })).toMatchObject({ text, rest: '', ended: true, bareLineEnd: false })
      }),
      { numRuns: 500 },
    )
  })
})
