import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf } from '../../../test/support/imap-receive.ts'
import { decodeSaslLine } from './authenticate.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

describe('AUTHENTICATE', () => {
  it.each([
    ['AUTHENTICATE GSSAPI', 'GSSAPI', null],
    ['authenticate plain', 'PLAIN', null],
    ['AUTHENTICATE PLAIN dGVzdAB0ZXN0AHRlc3Q=', 'PLAIN', bytes('test\0test\0test')],
    ['AUTHENTICATE EXTERNAL =', 'EXTERNAL', bytes('')],
    ['AUTHENTICATE SCRAM-SHA-256 biws', 'SCRAM-SHA-256', bytes('n,,')],
  ])('reads %j', (line, mechanism, initial) => {
    expect(bodyOf(line)).toEqual({ name: 'AUTHENTICATE', mechanism, initial })
  })

  it.each([
    ['AUTHENTICATE', 'BAD AUTHENTICATE: expected the mechanism, found the end of the command'],
    ['AUTHENTICATE "PLAIN"', 'BAD AUTHENTICATE: expected the mechanism'],
    ['AUTHENTICATE PLAIN *', 'BAD AUTHENTICATE: expected the initial response in base64'],
    ['AUTHENTICATE PLAIN dGVzd', 'BAD AUTHENTICATE: the initial response is not valid base64'],
    ['AUTHENTICATE PLAIN dGVzd===', 'BAD AUTHENTICATE: the initial response is not valid base64'],
    ['AUTHENTICATE PLAIN ==', 'BAD AUTHENTICATE: expected the end of the command'],
    ['AUTHENTICATE PLAIN dGVz dA==', 'BAD AUTHENTICATE: expected the end of the command'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })
})

describe('a line of AUTHENTICATE', () => {
  it('is base64, or null', () => {
    expect(decodeSaslLine(bytes('dGVzdA=='))).toEqual(bytes('test'))
    expect(decodeSaslLine(bytes(''))).toEqual(bytes(''))
    for (const wrong of ['*', 'dGVzdA', 'dGVzdA==\r', 'dGVz dA==', '=', '\xff==='])
      expect(decodeSaslLine(bytes(wrong))).toBeNull()
  })
})
