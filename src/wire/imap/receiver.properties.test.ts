import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { receiveAll } from '../../../test/support/imap-receive.ts'
import type { Received } from './command.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { createReceiver } from './receiver.ts'

const limits = { lineBytes: 200, literalBytes: 50, appendBytes: 100 }

/** Pipelined commands with literals of each kind, and with each kind of mistake. */
const transcript = Buffer.from(
  [
    'a LOGIN {3+}\r\nbob "x\\"y"',
    'b ID ("name" {4}\r\nTest)',
    'c SELECT INBOX (QRESYNC (1 2 3:4 (1 3)))',
    'd FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS ({4+}\r\nDate To)]<0.5>)',
    'e APPEND x (\\Seen) " 7-Feb-1994 22:43:04 -0800" {6}\r\nab\r\ncd ~{5+}\r\nx\0y\r\n UTF8 (~{2}\r\n\xc3\xa9)',
    'f BLURDYBLOOP {5}',
    'g APPEND x {5000}',
    `h APPEND x {105+}\r\n${'y NOOP\r\n'.repeat(13)}x {3+}\r\nabc`,
    `i SEARCH TEXT ${'z'.repeat(250)} {8+}\r\ny NOOP\r\n OR`,
    'j SEARCH CHARSET UTF-8 OR TEXT {4+}\r\n\xc3\xa9\xc3\xa8 (NOT SEEN UID $)',
    '',
    'k',
    'l DELETE {99999999999999999999}',
    'm NOOP\nn NOOP',
    'o STORE 1 +FLAGS (\\Seen $a)',
    'r UID REPLACE 3 x (\\Draft) {4}\r\nab\r\n UTF8',
    's replace 3 x ~{3+}\r\na\0b',
    't REPLACE 3 x {5000}',
    'p DELETE &AAA-\r\nq DELETE {0+}\r\n',
    '',
  ].join('\r\n'),
  'latin1',
)

function receivePieces(pieces: readonly Uint8Array[]): Received[] {
  const receiver = createReceiver(limits)
  receiver.setAuthenticated()
  const received: Received[] = []
  for (const piece of pieces) {
    receiver.push(piece)
    for (let next = receiver.next(); next.kind !== 'need-more'; next = receiver.next()) received.push(next)
    // Whatever is not yet a value was taken in: nothing is looked at twice.
    expect(receiver.buffered).toBe(0)
  }
  return received
}

function piecesAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const sorted = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end))
}

describe('a transcript of pipelined commands', () => {
  const whole = receivePieces([transcript])

  it('has values of each kind', () => {
    const kinds = whole.map(received =>
      received.kind === 'command'
        ? received.command.body.name
        : received.kind === 'problem'
          ? (received.tag ?? '*')
          : '+',
    )
    expect(kinds.join(' ')).toBe(
      'LOGIN + ID SELECT FETCH + + APPEND f g h i SEARCH * k l NOOP NOOP STORE + r REPLACE t p DELETE',
    )
  })

  it('gives the same values, wherever it is split', () => {
    for (let cut = 1; cut < transcript.length; cut++) {
      const received = receivePieces(piecesAt(transcript, [cut]))
      expect(received, `split at ${cut}`).toEqual(whole)
    }
  })

  it('gives the same values byte by byte', () => {
    expect(receivePieces(Array.from(transcript, byte => Uint8Array.of(byte)))).toEqual(whole)
  })

  it('gives the same values in any pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(transcript.length), { maxLength: 40 }), cuts => {
        expect(receivePieces(piecesAt(transcript, cuts))).toEqual(whole)
      }),
      { numRuns: 50 },
    )
  })
})

const seeds = [
  'a LOGIN "user name" {4+}\r\npass\r\n',
  'a AUTHENTICATE PLAIN dGVzdA==\r\n',
  'a ID ("name" "x" "version" NIL)\r\n',
  'a UNAUTHENTICATE\r\n',
  'a SELECT "INBOX" (CONDSTORE QRESYNC (1 2 3:4 (1 3)))\r\n',
  'a LIST (SUBSCRIBED RECURSIVEMATCH) "" ("%" Entw&APw-rfe/*) RETURN (CHILDREN STATUS (MESSAGES))\r\n',
  'a STATUS &AOk- (UIDNEXT HIGHESTMODSEQ)\r\n',
  'a APPEND x (\\Seen $a) " 7-Feb-1994 22:43:04 -0800" {5+}\r\nhello ~{3+}\r\na\0b UTF8 (~{1+}\r\nx)\r\n',
  'a UID REPLACE 4 x (\\Seen $a) " 7-Feb-1994 22:43:04 -0800" {5+}\r\nhello\r\n',
  'a REPLACE * x UTF8 (~{1+}\r\nx)\r\n',
  'a UID FETCH 1:*,7 (FLAGS BODY.PEEK[1.2.HEADER.FIELDS.NOT ("A" b)]<0.5> BINARY[1]<1.2> PREVIEW (LAZY)) (CHANGEDSINCE 5 VANISHED)\r\n',
  'a STORE 1:5,$ (UNCHANGEDSINCE 5) -FLAGS.SILENT (\\Seen Keyword)\r\n',
  'a SEARCH RETURN (MIN SAVE) CHARSET UTF-8 OR (NOT TEXT "x") MODSEQ "/flags/x" all 5 SINCE 1-Feb-1994 HEADER a {1+}\r\nb\r\n',
  'a UID SEARCH RETURN (MIN PARTIAL -1:-100 SAVE) UNDELETED\r\n',
  'a ESEARCH IN (mailboxes (a "b") subtree-one {1+}\r\nc personal) RETURN (COUNT) UNSEEN\r\n',
  'a UID FETCH 1:* (UID FLAGS) (PARTIAL 500:1 CHANGEDSINCE 5)\r\n',
  'a UID SORT RETURN () (REVERSE DATE DISPLAYTO) UTF-8 UID 1:5 LARGER 5\r\n',
  'a THREAD REFERENCES US-ASCII 1:* UNSEEN\r\n',
  'a SETQUOTA "" (STORAGE 5)\r\n',
  'a NOTIFY SET STATUS (selected-delayed (MessageNew (UID BODY.PEEK[HEADER.FIELDS (From)]) MessageExpunge FlagChange)) (subtree (x {1+}\r\ny) (MailboxName)) (inboxes NONE)\r\n',
].map(text => Buffer.from(text))
const alphabet = [
  'a ',
  ' ',
  '(',
  ')',
  '[',
  ']',
  '{',
  '{5}',
  '{5+}',
  '~',
  '"',
  '\\',
  '\r',
  '\n',
  '\r\n',
  '\0',
  '*',
  '%',
  '$',
  '+',
  '<',
  '>',
  '.',
  ':',
  ',',
  '&',
  '-',
  '0',
  '1',
  '4294967296',
  'é',
  '\xff',
  'UID',
  'FETCH',
  'SEARCH',
  'BODY',
  'NOT',
  'OR',
]

const mutation = fc.record({ at: fc.nat(), remove: fc.nat(8), insert: fc.constantFrom('', ...alphabet) })
const mutated = fc
  .record({
    seeds: fc.array(fc.constantFrom(...seeds), { minLength: 1, maxLength: 4 }),
    changes: fc.array(mutation, { maxLength: 6 }),
  })
  .map(({ seeds: chosen, changes }) => {
    let bytes = Buffer.concat(chosen)
    for (const { at, remove, insert } of changes) {
      const start = at % (bytes.length + 1)
      bytes = Buffer.concat([bytes.subarray(0, start), Buffer.from(insert, 'latin1'), bytes.subarray(start + remove)])
    }
    return bytes
  })
const anyBytes = fc.uint8Array({ maxLength: 400 }).map(bytes => Buffer.from(bytes))
const anyTokens = fc
  .array(fc.constantFrom(...alphabet), { maxLength: 200 })
  .map(tokens => Buffer.from(tokens.join(''), 'latin1'))

function lineEnds(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 0)
}

describe('whatever a stranger sends', () => {
  const check = (bytes: Buffer, utf8: boolean): void => {
    const small = { lineBytes: 300, literalBytes: 50, appendBytes: 60 }
    const received = receiveAll(bytes, { limits: small, utf8 })
    // One value a line at most, and a "+" a literal: nothing repeats without input.
    expect(received.length).toBeLessThanOrEqual(2 * lineEnds(bytes) + 1)
    for (const value of received) {
      if (value.kind === 'problem') expect(value.text).toMatch(/^[\x20-\x7e]+$/)
      if (value.kind === 'problem' && value.tag !== null) expect(value.tag).toMatch(/^[\x21-\x7e]+$/)
      if (value.kind === 'command' && value.command.body.name === 'APPEND') {
        const { messages } = value.command.body
        expect(messages.reduce((sum, message) => sum + message.bytes.length, 0)).toBeLessThanOrEqual(small.appendBytes)
      }
      if (value.kind === 'command' && value.command.body.name === 'REPLACE')
        expect(value.command.body.message.bytes.length).toBeLessThanOrEqual(small.appendBytes)
    }
    // The same bytes one by one mean the same.
    const receiver = createReceiver({ ...DEFAULT_LIMITS, ...small })
    receiver.setAuthenticated()
    if (utf8) receiver.setUtf8()
    const again: Received[] = []
    for (const byte of bytes) {
      receiver.push(Uint8Array.of(byte))
      for (let next = receiver.next(); next.kind !== 'need-more'; next = receiver.next()) again.push(next)
    }
    expect(again).toEqual(received)
  }

  it('as changed commands: comes out as values, within the limits', () => {
    fc.assert(fc.property(mutated, fc.boolean(), check), { numRuns: 500 })
  })

  it('as tokens in any order: comes out as values, within the limits', () => {
    fc.assert(fc.property(anyTokens, fc.boolean(), check), { numRuns: 300 })
  })

  it('as any bytes: comes out as values, within the limits', () => {
    fc.assert(fc.property(anyBytes, fc.boolean(), check), { numRuns: 200 })
  })
})
