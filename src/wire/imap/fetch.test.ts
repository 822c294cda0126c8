import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf } from '../../../test/support/imap-receive.ts'
import { type FetchItem, STAR } from './command.ts'

const itemsOf = (items: string): FetchItem[] => {
  const body = bodyOf(`FETCH 1 ${items}`)
  return body.name === 'FETCH' ? body.items : []
}
const section = (name: string, part: number[], text: string, rest: object = {}) => ({
  item: 'SECTION',
  name,
  section: { part, text, fields: [] },
  peek: false,
  partial: null,
  ...rest,
})
const fast = [{ item: 'FLAGS' }, { item: 'INTERNALDATE' }, { item: 'RFC822.SIZE' }]

describe('FETCH', () => {
  it.each([
    ['FETCH 2:4 FLAGS', { uid: false, set: [[2, 4]], items: [{ item: 'FLAGS' }], changedSince: null, vanished: false }],
    [
      'UID FETCH 4827313:4828442,*:7 (FLAGS) ',
      {
        uid: true,
        set: [
          [4827313, 4828442],
          [STAR, 7],
        ],
        items: [{ item: 'FLAGS' }],
        changedSince: null,
        vanished: false,
      },
    ],
    // n:4294967295 from above the last message is none, where n:* is the last.
    [
      'UID FETCH 9:4294967295 FLAGS',
      { uid: true, set: [[9, STAR - 1]], items: [{ item: 'FLAGS' }], changedSince: null, vanished: false },
    ],
    ['fetch $ (uid)', { uid: false, set: '$', items: [{ item: 'UID' }], changedSince: null, vanished: false }],
    [
      'UID FETCH 1:* (FLAGS) (CHANGEDSINCE 12345)',
      { uid: true, set: [[1, STAR]], items: [{ item: 'FLAGS' }], changedSince: 12345, vanished: false },
    ],
    [
      'UID FETCH 300:500 (FLAGS) (VANISHED CHANGEDSINCE 12345)',
      { uid: true, set: [[300, 500]], items: [{ item: 'FLAGS' }], changedSince: 12345, vanished: true },
    ],
    // Outside of the grammar (RFC 7162 §7), from clients that remember no mod-sequence yet: all has changed since.
    [
      'UID FETCH 1:* FLAGS (CHANGEDSINCE 0 VANISHED)',
      { uid: true, set: [[1, STAR]], items: [{ item: 'FLAGS' }], changedSince: 0, vanished: true },
    ],
    [
      'FETCH 1 FAST (CHANGEDSINCE 9223372036854775807)',
      { uid: false, set: [[1, 1]], items: fast, changedSince: Number.MAX_SAFE_INTEGER, vanished: false },
    ],
  ])('reads %j', (line, rest) => {
    expect(bodyOf(line)).toEqual({ name: 'FETCH', ...rest })
  })

  it.each([
    ['FAST', fast],
    ['all', [...fast, { item: 'ENVELOPE' }]],
    ['FULL', [...fast, { item: 'ENVELOPE' }, { item: 'BODY' }]],
    ['BODY', [{ item: 'BODY' }]],
    [
      '(UID MODSEQ BODYSTRUCTURE BODY ENVELOPE EMAILID THREADID SAVEDATE)',
      ['UID', 'MODSEQ', 'BODYSTRUCTURE', 'BODY', 'ENVELOPE', 'EMAILID', 'THREADID', 'SAVEDATE'].map(item => ({ item })),
    ],
    ['(ENVELOPE PREVIEW (LAZY))', [{ item: 'ENVELOPE' }, { item: 'PREVIEW', lazy: true }]],
    ['(PREVIEW UID)', [{ item: 'PREVIEW', lazy: false }, { item: 'UID' }]],
    ['PREVIEW (LAZY)', [{ item: 'PREVIEW', lazy: true }]],
    ['RFC822', [section('RFC822', [], 'ALL')]],
    ['RFC822.HEADER', [section('RFC822.HEADER', [], 'HEADER', { peek: true })]],
    ['RFC822.TEXT', [section('RFC822.TEXT', [], 'TEXT')]],
    ['BODY[]', [section('BODY[]', [], 'ALL')]],
    ['body.peek[]', [section('BODY[]', [], 'ALL', { peek: true })]],
    ['BODY[]<0.2048>', [section('BODY[]<0>', [], 'ALL', { partial: { offset: 0, length: 2048 } })]],
    ['BODY[header]', [section('BODY[HEADER]', [], 'HEADER')]],
    ['BODY[1]', [section('BODY[1]', [1], 'ALL')]],
    ['BODY[4.2.2.1]', [section('BODY[4.2.2.1]', [4, 2, 2, 1], 'ALL')]],
    ['BODY[4.1.MIME]', [section('BODY[4.1.MIME]', [4, 1], 'MIME')]],
    [
      'BODY.PEEK[3.Text]<5.1>',
      [section('BODY[3.TEXT]<5>', [3], 'TEXT', { peek: true, partial: { offset: 5, length: 1 } })],
    ],
    [
      'BODY[HEADER.FIELDS (DATE from)]',
      [
        section('BODY[HEADER.FIELDS (DATE from)]', [], 'HEADER.FIELDS', {
          section: { part: [], text: 'HEADER.FIELDS', fields: ['DATE', 'from'] },
        }),
      ],
    ],
    [
      'BODY.PEEK[1.2.HEADER.FIELDS.NOT ("Received" {2+}\r\nTo "a\\"b")]<0.10>',
      [
        section('BODY[1.2.HEADER.FIELDS.NOT (Received To "a\\"b")]<0>', [1, 2], 'HEADER.FIELDS.NOT', {
          section: { part: [1, 2], text: 'HEADER.FIELDS.NOT', fields: ['Received', 'To', 'a"b'] },
          peek: true,
          partial: { offset: 0, length: 10 },
        }),
      ],
    ],
    ['BINARY[]', [{ item: 'BINARY', part: [], peek: false, partial: null }]],
    ['BODY[]<7>', [section('BODY[]<7>', [], 'ALL', { partial: { offset: 7, length: Number.MAX_SAFE_INTEGER } })]],
    ['BINARY.PEEK[1.2]<3.4>', [{ item: 'BINARY', part: [1, 2], peek: true, partial: { offset: 3, length: 4 } }]],
    ['BINARY.SIZE[2]', [{ item: 'BINARY.SIZE', part: [2] }]],
  ])('reads the items %s', (items, expected) => {
    expect(itemsOf(items)).toEqual(expected)
  })

  it.each([
    ['FETCH', 'BAD FETCH: expected the message set, found the end of the command'],
    ['FETCH 1', 'BAD FETCH: expected the items, found the end of the command'],
    ['FETCH x FLAGS', 'BAD FETCH: expected the message set'],
    ['FETCH 0 FLAGS', 'BAD FETCH: expected the message set as numbers from 1 to 4294967295, ranges and "*"'],
    ['FETCH 4294967296 FLAGS', 'BAD FETCH: expected the message set as numbers from 1 to 4294967295, ranges and "*"'],
    ['FETCH 1, FLAGS', 'BAD FETCH: expected the message set as numbers from 1 to 4294967295, ranges and "*"'],
    ['FETCH 1:2:3 FLAGS', 'BAD FETCH: expected the message set as numbers from 1 to 4294967295, ranges and "*"'],
    ['FETCH -1 FLAGS', 'BAD FETCH: expected the message set'],
    ['FETCH 1 (FLAGS', 'BAD FETCH: expected a closing parenthesis behind the items, found the end of the command'],
    ['FETCH 1 (FLAGS, UID)', 'BAD FETCH: expected a closing parenthesis behind the items'],
    ['FETCH 1 (FLAGS )', 'BAD FETCH: expected an item'],
    ['FETCH 1 ()', 'BAD FETCH: expected at least one in the list of the items'],
    ['FETCH 1 (ALL)', 'BAD FETCH: unknown item'],
    ['FETCH 1 FLAGS UID', 'BAD FETCH: expected an opening parenthesis before the modifiers'],
    ['FETCH 1 RFC822.PEEK', 'BAD FETCH: unknown item'],
    ['FETCH 1 BODY.PEEK', 'BAD FETCH: expected a section in brackets behind BODY.PEEK, found the end of the command'],
    ['FETCH 1 (BINARY UID)', 'BAD FETCH: expected a section in brackets behind BINARY'],
    ['FETCH 1 FLAGS[]', 'BAD FETCH: only BODY and BINARY items take a section'],
    ['FETCH 1 BODYSTRUCTURE[]', 'BAD FETCH: only BODY and BINARY items take a section'],
    [
      'FETCH 1 BODY[',
      'BAD FETCH: expected HEADER, HEADER.FIELDS, TEXT, MIME or a part number in the section, found the end of the command',
    ],
    ['FETCH 1 BODY[FOO]', 'BAD FETCH: expected HEADER, HEADER.FIELDS, TEXT, MIME or a part number in the section'],
    ['FETCH 1 BODY[1.]', 'BAD FETCH: expected HEADER, HEADER.FIELDS, TEXT, MIME or a part number in the section'],
    ['FETCH 1 BODY[0]', 'BAD FETCH: expected part numbers from 1 to 4294967295'],
    ['FETCH 1 BODY[1.0.TEXT]', 'BAD FETCH: expected part numbers from 1 to 4294967295'],
    ['FETCH 1 BODY[MIME]', 'BAD FETCH: expected a part number before MIME in the section'],
    ['FETCH 1 BODY[1', 'BAD FETCH: expected a closing bracket behind the section, found the end of the command'],
    ['FETCH 1 BODY[1HEADER]', 'BAD FETCH: expected a closing bracket behind the section'],
    ['FETCH 1 BODY[HEADER.FIELDS]', 'BAD FETCH: expected a space before the list of header fields'],
    ['FETCH 1 BODY[HEADER.FIELDS ()]', 'BAD FETCH: expected at least one in the list of the header fields'],
    ['FETCH 1 BODY[HEADER.FIELDS (A:)]', 'BAD FETCH: the name of a header field holds what no name may'],
    ['FETCH 1 BODY[HEADER.FIELDS ("a b")]', 'BAD FETCH: the name of a header field holds what no name may'],
    ['FETCH 1 BODY[]<0.>', 'BAD FETCH: expected the length of the partial fetch'],
    ['FETCH 1 BODY[]<0.0>', 'BAD FETCH: expected the length of the partial fetch from 1 to 9223372036854775807'],
    ['FETCH 1 BODY[]<-1.5>', 'BAD FETCH: expected the offset of the partial fetch'],
    [
      'FETCH 1 BODY[]<0.5',
      'BAD FETCH: expected a closing angle bracket behind the partial fetch, found the end of the command',
    ],
    ['FETCH 1 BINARY[HEADER]', 'BAD FETCH: expected a closing bracket behind the section'],
    ['FETCH 1 BINARY.SIZE[1]<0.1>', 'BAD FETCH: expected the end of the command'],
    ['FETCH 1 FLAGS ()', 'BAD FETCH: expected at least one in the list of the modifiers'],
    ['FETCH 1 FLAGS (CHANGEDSINCE)', 'BAD FETCH: expected a space before the mod-sequence'],
    [
      'FETCH 1 FLAGS (CHANGEDSINCE 9223372036854775808)',
      'BAD FETCH: expected the mod-sequence from 0 to 9223372036854775807',
    ],
    [
      'FETCH 1 FLAGS (CHANGEDSINCE 1 CHANGEDSINCE 2)',
      'BAD FETCH: expected CHANGEDSINCE, VANISHED or PARTIAL, once each, as modifiers',
    ],
    [
      'UID FETCH 1 FLAGS (PARTIAL 1:2 PARTIAL 1:2)',
      'BAD UID FETCH: expected CHANGEDSINCE, VANISHED or PARTIAL, once each, as modifiers',
    ],
    ['UID FETCH 1 FLAGS (PARTIAL 1:*)', 'BAD UID FETCH: expected the range of PARTIAL like 1:100 or -1:-100'],
    ['FETCH 1 FLAGS (PARTIAL 1:2)', 'BAD FETCH: PARTIAL goes with UID FETCH only'],
    ['FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)', 'BAD FETCH: VANISHED goes with UID FETCH and CHANGEDSINCE only'],
    ['UID FETCH 1 FLAGS (VANISHED)', 'BAD UID FETCH: VANISHED goes with UID FETCH and CHANGEDSINCE only'],
    [`FETCH 1 (${Array(129).fill('UID').join(' ')})`, 'NO [LIMIT] FETCH: more than 128 in the list of the items'],
    [`FETCH ${Array(16_385).fill('1').join(',')} UID`, 'NO [LIMIT] FETCH: more than 16384 ranges in the message set'],
    [`FETCH 1 BODY[${Array(65).fill('1').join('.')}]`, 'NO [LIMIT] FETCH: more than 64 part numbers in a section'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })
})
