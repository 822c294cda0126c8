import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf } from '../../../test/support/imap-receive.ts'

const message = (text: string, rest: object = {}) => ({
  flags: { system: 0, keywords: [] },
  internalDate: null,
  bytes: Buffer.from(text, 'latin1'),
  binary: false,
  utf8: false,
  ...rest,
})
const append = (...messages: object[]) => ({ name: 'APPEND', mailbox: 'x', messages })

describe('APPEND', () => {
  it.each([
    ['APPEND x {5}\r\nhello', append(message('hello'))],
    ['APPEND x {5+}\r\nhello', append(message('hello'))],
    ['APPEND x {5+}\r\nhello ', append(message('hello'))],
    ['APPEND {1+}\r\nx {5+}\r\nhello', append(message('hello'))],
    ['APPEND x {7+}\r\n{3+}\r\na', append(message('{3+}\r\na'))],
    ['APPEND x () {1}\r\na', append(message('a'))],
    [
      'APPEND x (\\Seen $Junk \\recent $junk) " 7-Feb-1994 22:43:04 -0800" {1}\r\na',
      append(message('a', { flags: { system: 1, keywords: ['$Junk'] }, internalDate: Date.UTC(1994, 1, 8, 6, 43, 4) })),
    ],
    [
      'APPEND x "20-Mar-2018 03:07:37 +1100" {1}\r\na',
      append(message('a', { internalDate: Date.UTC(2018, 2, 19, 16, 7, 37) })),
    ],
    // RFC 3502 §6.3.11.
    [
      'APPEND x (\\Seen) {3}\r\none (\\Flagged) " 7-Feb-1994 22:43:04 +0000" {3+}\r\ntwo {5}\r\nthree',
      append(
        message('one', { flags: { system: 1, keywords: [] } }),
        message('two', { flags: { system: 4, keywords: [] }, internalDate: Date.UTC(1994, 1, 7, 22, 43, 4) }),
        message('three'),
      ),
    ],
    ['APPEND x ~{3}\r\na\0b', append(message('a\0b', { binary: true }))],
    ['APPEND x ~{3+}\r\na\0b', append(message('a\0b', { binary: true }))],
    ['APPEND x UTF8 (~{3+}\r\nabc)', append(message('abc', { binary: true, utf8: true }))],
    [
      'APPEND x (\\Draft) utf8 (~{1}\r\na) {1}\r\nb',
      append(message('a', { flags: { system: 16, keywords: [] }, binary: true, utf8: true }), message('b')),
    ],
  ])('reads %j', (line, body) => {
    expect(bodyOf(line)).toEqual(body)
  })

  it.each([
    ['APPEND', 'BAD APPEND: expected the mailbox name, found the end of the command'],
    ['APPEND x', 'BAD APPEND: expected the message, found the end of the command'],
    ['APPEND x "text"', 'BAD APPEND: expected the internal date like "17-Jul-1996 02:44:25 -0700"'],
    ['APPEND x (\\Seen)', 'BAD APPEND: expected the message, found the end of the command'],
    ['APPEND x (\\Seen) (\\Seen) {1}\r\na', 'BAD APPEND: expected the message as a literal'],
    [
      'APPEND x (\\Foo) {1}\r\na',
      'BAD APPEND: only \\Seen, \\Answered, \\Flagged, \\Deleted and \\Draft are system flags',
    ],
    ['APPEND x "31-Feb-1994 22:43:04 -0800" {1}\r\na', 'BAD APPEND: there is no such time as the internal date'],
    ['APPEND x {0}\r\n', 'NO APPEND: a message is empty: nothing was appended'],
    ['APPEND x {1}\r\na {0}\r\n', 'NO APPEND: a message is empty: nothing was appended'],
    ['APPEND x {3}\r\na\0b', 'NO APPEND: a message with NUL octets must be sent as literal8, ~{n}'],
    ['APPEND x UTF8 {1}\r\na', 'BAD APPEND: expected an opening parenthesis before the UTF8 message'],
    ['APPEND x UTF8 ({1}\r\na)', 'BAD APPEND: a UTF8 message must be sent as literal8, ~{n}'],
    [
      'APPEND x UTF8 (~{1}\r\na',
      'BAD APPEND: expected a closing parenthesis behind the UTF8 message, found the end of the command',
    ],
    ['APPEND x {1}\r\naX', 'BAD APPEND: expected the end of the command'],
    ['APPEND x CATENATE (URL "x")', 'BAD APPEND: expected the message as a literal'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })
})

describe('REPLACE', () => {
  const replace = (number: number, sent: object, uid = false) => ({
    name: 'REPLACE',
    uid,
    number,
    mailbox: 'x',
    message: sent,
  })
  it.each([
    ['REPLACE 4 x {5}\r\nhello', replace(4, message('hello'))],
    ['REPLACE * x {5+}\r\nhello', replace(0xffffffff, message('hello'))],
    ['UID REPLACE 4294967295 x {5+}\r\nhello', replace(0xfffffffe, message('hello'), true)],
    ['replace 1 {1+}\r\nx {5+}\r\nhello ', replace(1, message('hello'))],
    [
      'UID REPLACE 2000 x (\\Seen \\Draft) " 7-Feb-1994 22:43:04 -0800" ~{3+}\r\na\0b',
      replace(
        2000,
        message('a\0b', {
          flags: { system: 17, keywords: [] },
          internalDate: Date.UTC(1994, 1, 8, 6, 43, 4),
          binary: true,
        }),
        true,
      ),
    ],
    ['REPLACE 1 x UTF8 (~{3+}\r\nabc)', replace(1, message('abc', { binary: true, utf8: true }))],
  ])('reads %j', (line, body) => {
    expect(bodyOf(line)).toEqual(body)
  })

  it.each([
    ['REPLACE', 'BAD REPLACE: expected the message to replace, found the end of the command'],
    ['REPLACE x {1}\r\na', 'BAD REPLACE: expected the message to replace'],
    ['REPLACE 0 x {1}\r\na', 'BAD REPLACE: expected the message to replace from 1 to 4294967295'],
    ['REPLACE 4294967296 x {1}\r\na', 'BAD REPLACE: expected the message to replace from 1 to 4294967295'],
    ['UID REPLACE 1:2 x {1}\r\na', 'BAD UID REPLACE: expected a space before the mailbox name'],
    ['UID REPLACE $ x {1}\r\na', 'BAD UID REPLACE: expected the message to replace'],
    ['REPLACE 1 x', 'BAD REPLACE: expected the message, found the end of the command'],
    ['REPLACE 1 x {0}\r\n', 'NO REPLACE: a message is empty: nothing was appended'],
    ['REPLACE 1 x {3}\r\na\0b', 'NO REPLACE: a message with NUL octets must be sent as literal8, ~{n}'],
    // RFC 8508 §4.7.
    ['REPLACE 1 x {1}\r\na {1}\r\nb', 'BAD REPLACE: expected the end of the command'],
    ['REPLACE 1 x CATENATE (URL "x")', 'BAD REPLACE: expected the message as a literal'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })
})
