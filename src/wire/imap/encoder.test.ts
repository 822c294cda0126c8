import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodyOf } from '../../../test/support/imap-receive.ts'
import { encodeAstring, encodeMailbox, encodeNstring, encodeString } from './encoder.ts'

describe('a string', () => {
  it.each([
    ['', false, '""'],
    ['plain text', false, '"plain text"'],
    ['say "a\\b"', false, '"say \\"a\\\\b\\""'],
    ['tab\tis fine', false, '"tab\tis fine"'],
    ['line\r\nbreak', false, '{11}\r\nline\r\nbreak'],
    ['line\nbreak', true, '{10}\r\nline\nbreak'],
    ['é', false, '{2}\r\né'],
    ['é', true, '"é"'],
    ['nul\0', true, '{3}\r\nnul'],
    ['x'.repeat(1000), false, `"${'x'.repeat(1000)}"`],
    ['x'.repeat(1001), false, `{1001}\r\n${'x'.repeat(1001)}`],
  ])('%j, with UTF-8 %s, is %j', (text, utf8, encoded) => {
    expect(encodeString(text, utf8)).toBe(encoded)
    expect(encodeNstring(text, utf8)).toBe(encoded)
  })

  it('that is missing is NIL', () => {
    expect(encodeNstring(null, false)).toBe('NIL')
  })

  it.each([
    ['atom', 'atom'],
    ['a]b', 'a]b'],
    ['', '""'],
    ['two words', '"two words"'],
    ['NIL', '"NIL"'],
    ['nil', '"nil"'],
    ['a*', '"a*"'],
    ['a(', '"a("'],
    ['é', '{2}\r\né'],
  ])('%j is the astring %j', (text, encoded) => {
    expect(encodeAstring(text, false)).toBe(encoded)
  })

  it('comes back from the wire as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, utf8) => {
        const clean = text.replaceAll('\0', '').toWellFormed()
        for (const encoded of [encodeString(clean, utf8), encodeAstring(clean, utf8)])
          expect(bodyOf(`GETQUOTA ${encoded}`)).toEqual({ name: 'GETQUOTA', root: clean })
      }),
      { numRuns: 500 },
    )
  })
})

describe('a mailbox name', () => {
  it('is modified UTF-7, or UTF-8 where the client reads it', () => {
    expect(encodeMailbox('INBOX', false)).toBe('INBOX')
    expect(encodeMailbox('Entwürfe', false)).toBe('Entw&APw-rfe')
    expect(encodeMailbox('Entwürfe', true)).toBe('"Entwürfe"')
    expect(encodeMailbox('R&D', false)).toBe('R&-D')
    expect(encodeMailbox('R&D', true)).toBe('R&D')
    expect(encodeMailbox('Éléments envoyés', false)).toBe('"&AMk-l&AOk-ments envoy&AOk-s"')
  })

  it('comes back from the wire as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (name, utf8) => {
        fc.pre(!/^inbox|[\x00-\x1f\x7f-\x9f\u2028\u2029]/i.test(name))
        expect(bodyOf(`DELETE ${encodeMailbox(name, utf8)}`, { utf8 })).toEqual({ name: 'DELETE', mailbox: name })
      }),
      { numRuns: 300 },
    )
  })
})
