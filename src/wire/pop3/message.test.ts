import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { topOf, wireForm } from './message.ts'

function formOf(bytes: Uint8Array): { form: Uint8Array; turns: number } {
  const forming = wireForm(bytes)
  for (let turns = 0; ; turns++) {
    const step = forming.next()
    if (step.done) return { form: step.value, turns }
  }
}
const wire = (text: string): string => Buffer.from(formOf(Buffer.from(text, 'latin1')).form).toString('latin1')

describe('a message on the wire', () => {
  it.each([
    ['', ''],
    ['a\r\nb\r\n', 'a\r\nb\r\n'],
    ['a', 'a\r\n'],
    ['.', '..\r\n'],
    ['.\r\n', '..\r\n'],
    ['..a\r\n.\r\n.b', '...a\r\n..\r\n..b\r\n'],
    ['a.\r\nb\r\n', 'a.\r\nb\r\n'],
    ['a\nb\n', 'a\r\nb\r\n'],
    ['\n.\n', '\r\n..\r\n'],
    ['a\rb\r\n', 'a\rb\r\n'],
    ['a\r\n\r\n.\r\n\r\n', 'a\r\n\r\n..\r\n\r\n'],
    ['\0\xff\r\n', '\0\xff\r\n'],
  ])('%j is sent as %j', (stored, sent) => {
    expect(wire(stored)).toBe(sent)
  })

  it.each([
    ['', true],
    ['a\r\nb\r\n', true],
    [`${'x'.repeat(70_000)}\r\n`, true],
    ['a', false],
    ['.\r\n', false],
    ['a\n', false],
    [`${'x'.repeat(70_000)}\r\n.\r\n`, false],
  ])('is the stored bytes themselves where nothing has to be added: %#', (stored, isSame) => {
    const bytes = Buffer.from(stored)
    expect(formOf(bytes).form === bytes).toBe(isSame)
  })

  it('comes back as it was, wherever its slices fall', () => {
    const part = fc.constantFrom('\r\n', '.', '..', 'a', '\r\n.', '\r\n.\r\n', '\r', 'x'.repeat(1021))
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 300 }), parts => {
        const text = parts.join('')
        const ended = text.endsWith('\r\n') ? text : `${text}\r\n`
        const sent = wire(text)
        // RFC 1939 §3: the end is found by a line of one dot, and each line's first dot is taken away.
        expect(`\r\n${sent}`.includes('\r\n.\r\n')).toBe(false)
        expect(`\r\n${sent}`.replaceAll('\r\n.', '\r\n').slice(2)).toBe(ended)
      }),
      { numRuns: 200 },
    )
  })

  it('gives others a turn all along, so that one of dots alone blocks nobody', () => {
    const { form, turns } = formOf(Buffer.alloc(1_000_000, '.\r\n'))
    expect(form).toHaveLength(1_000_000 + 333_334 + 2)
    expect(turns).toBeGreaterThan(20)
  })
})

describe('the top of a message', () => {
  const message = 'A: 1\r\nB: 2\r\n\r\none\r\ntwo\r\nthree'
  const top = (text: string, lines: number): string => Buffer.from(topOf(Buffer.from(text), lines)).toString()

  it.each([
    [0, 'A: 1\r\nB: 2\r\n\r\n'],
    [1, 'A: 1\r\nB: 2\r\n\r\none\r\n'],
    [3, message],
    [999_999_999, message],
  ])('with %i lines', (lines, expected) => {
    expect(top(message, lines)).toBe(expected)
  })

  it.each([
    ['A: 1\r\n', 5, 'A: 1\r\n'],
    ['\r\nbody\r\n', 0, '\r\n'],
    ['A: 1\n\nx\ny\n', 1, 'A: 1\n\nx\n'],
    ['', 1, ''],
  ])('of %j with %i lines is %j', (text, lines, expected) => {
    expect(top(text, lines)).toBe(expected)
  })
})
