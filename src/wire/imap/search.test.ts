import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf } from '../../../test/support/imap-receive.ts'
import { type SearchKey, STAR } from './command.ts'

const keyOf = (keys: string | Uint8Array): SearchKey | null => {
  const line = Buffer.concat([Buffer.from('SEARCH '), Buffer.from(keys)])
  const body = bodyOf(line)
  return body.name === 'SEARCH' ? body.arguments.key : null
}
const flag = (bit: number, present: boolean): SearchKey => ({ key: 'FLAG', bit, present })
const all = (...of: SearchKey[]): SearchKey => ({ key: 'AND', of })

describe('SEARCH', () => {
  it.each([
    ['SEARCH ALL', { uid: false, arguments: { key: { key: 'ALL' }, charset: null, return: null } }],
    ['uid search all ', { uid: true, arguments: { key: { key: 'ALL' }, charset: null, return: null } }],
    ['SEARCH RETURN () ALL', { uid: false, arguments: { key: { key: 'ALL' }, charset: null, return: ['ALL'] } }],
    [
      'SEARCH RETURN (MIN count MIN) ALL',
      { uid: false, arguments: { key: { key: 'ALL' }, charset: null, return: ['MIN', 'COUNT'] } },
    ],
    [
      'UID SEARCH RETURN (save partial -1:-100 COUNT) ALL',
      {
        uid: true,
        arguments: {
          key: { key: 'ALL' },
          charset: null,
          return: ['SAVE', 'PARTIAL', 'COUNT'],
          partial: { from: 1, to: 100, fromLast: true },
        },
      },
    ],
    [
      'SEARCH RETURN (PARTIAL 4294967295:1) ALL',
      {
        uid: false,
        arguments: {
          key: { key: 'ALL' },
          charset: null,
          return: ['PARTIAL'],
          partial: { from: 4294967295, to: 1, fromLast: false },
        },
      },
    ],
    [
      'SEARCH RETURN (SAVE) CHARSET utf-8 ALL',
      { uid: false, arguments: { key: { key: 'ALL' }, charset: 'UTF-8', return: ['SAVE'] } },
    ],
    [
      'SEARCH CHARSET "US-ASCII" TEXT x',
      { uid: false, arguments: { key: { key: 'TEXT', text: 'x' }, charset: 'US-ASCII', return: null } },
    ],
  ])('reads %j', (line, rest) => {
    expect(bodyOf(line)).toEqual({ name: 'SEARCH', ...rest })
  })

  it.each<[string, SearchKey]>([
    ['ANSWERED', flag(2, true)],
    ['DELETED', flag(8, true)],
    ['DRAFT', flag(16, true)],
    ['FLAGGED', flag(4, true)],
    ['seen', flag(1, true)],
    ['UNANSWERED', flag(2, false)],
    ['UNDELETED', flag(8, false)],
    ['UNDRAFT', flag(16, false)],
    ['UNFLAGGED', flag(4, false)],
    ['UNSEEN', flag(1, false)],
    ['RECENT', { key: 'RECENT', present: true }],
    ['OLD', { key: 'RECENT', present: false }],
    ['NEW', all({ key: 'RECENT', present: true }, flag(1, false))],
    ['KEYWORD $Junk', { key: 'KEYWORD', keyword: '$Junk', present: true }],
    ['UNKEYWORD $Junk', { key: 'KEYWORD', keyword: '$Junk', present: false }],
    ['FROM "Smith"', { key: 'FROM', text: 'Smith' }],
    ['TO smith', { key: 'TO', text: 'smith' }],
    ['CC ""', { key: 'CC', text: '' }],
    ['BCC {5}\r\nsmith', { key: 'BCC', text: 'smith' }],
    ['SUBJECT "a b"', { key: 'SUBJECT', text: 'a b' }],
    ['BODY ]', { key: 'BODY', text: ']' }],
    ['TEXT "string not in mailbox"', { key: 'TEXT', text: 'string not in mailbox' }],
    ['TEXT "élan"', { key: 'TEXT', text: 'élan' }],
    ['HEADER Message-ID "<a@b>"', { key: 'HEADER', field: 'Message-ID', text: '<a@b>' }],
    ['HEADER X ""', { key: 'HEADER', field: 'X', text: '' }],
    ['BEFORE 1-Feb-1994', { key: 'BEFORE', day: Date.UTC(1994, 1, 1) }],
    ['ON "1-Feb-1994"', { key: 'ON', day: Date.UTC(1994, 1, 1) }],
    ['SINCE 5-MAR-2000', { key: 'SINCE', day: Date.UTC(2000, 2, 5) }],
    ['SENTBEFORE 1-Jan-2004', { key: 'SENTBEFORE', day: Date.UTC(2004, 0, 1) }],
    ['SENTON 1-Jan-2004', { key: 'SENTON', day: Date.UTC(2004, 0, 1) }],
    ['SENTSINCE 1-Jan-2004', { key: 'SENTSINCE', day: Date.UTC(2004, 0, 1) }],
    ['SAVEDBEFORE 28-Dec-2014', { key: 'SAVEDBEFORE', day: Date.UTC(2014, 11, 28) }],
    ['SAVEDON 28-Dec-2014', { key: 'SAVEDON', day: Date.UTC(2014, 11, 28) }],
    ['SAVEDSINCE 28-Dec-2014', { key: 'SAVEDSINCE', day: Date.UTC(2014, 11, 28) }],
    ['SAVEDATESUPPORTED', { key: 'SAVEDATESUPPORTED' }],
    ['LARGER 50000', { key: 'LARGER', bytes: 50000 }],
    ['SMALLER 0', { key: 'SMALLER', bytes: 0 }],
    ['OLDER 259200', { key: 'OLDER', seconds: 259200 }],
    ['UNSEEN YOUNGER 259200', all(flag(1, false), { key: 'YOUNGER', seconds: 259200 })],
    ['MODSEQ 620162338', { key: 'MODSEQ', modseq: 620162338 }],
    ['MODSEQ 0', { key: 'MODSEQ', modseq: 0 }],
    ['MODSEQ "/flags/\\\\draft" all 620162338', { key: 'MODSEQ', modseq: 620162338 }],
    ['MODSEQ "/flags/$x" PRIV 1', { key: 'MODSEQ', modseq: 1 }],
    ['EMAILID M6d99ac3275bb4e', { key: 'EMAILID', id: 'M6d99ac3275bb4e' }],
    ['THREADID T64b478a75b7ea9', { key: 'THREADID', id: 'T64b478a75b7ea9' }],
    [
      '1,3000:*',
      {
        key: 'SET',
        set: [
          [1, 1],
          [3000, STAR],
        ],
        uid: false,
      },
    ],
    ['*', { key: 'SET', set: [[STAR, STAR]], uid: false }],
    ['$', { key: 'SET', set: '$', uid: false }],
    ['UID 2:4', { key: 'SET', set: [[2, 4]], uid: true }],
    ['UID $ SMALLER 4096', all({ key: 'SET', set: '$', uid: true }, { key: 'SMALLER', bytes: 4096 })],
    ['(SEEN)', flag(1, true)],
    ['(SEEN DRAFT)', all(flag(1, true), flag(16, true))],
    ['NOT SEEN', { key: 'NOT', of: flag(1, true) }],
    ['NOT (SEEN DRAFT)', { key: 'NOT', of: all(flag(1, true), flag(16, true)) }],
    ['OR SEEN DRAFT', { key: 'OR', left: flag(1, true), right: flag(16, true) }],
    [
      'OR NOT MODSEQ 720162338 LARGER 50000',
      {
        key: 'OR',
        left: { key: 'NOT', of: { key: 'MODSEQ', modseq: 720162338 } },
        right: { key: 'LARGER', bytes: 50000 },
      },
    ],
    [
      'FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"',
      all(
        flag(4, true),
        { key: 'SINCE', day: Date.UTC(1994, 1, 1) },
        { key: 'NOT', of: { key: 'FROM', text: 'Smith' } },
      ),
    ],
  ])('reads the keys %s', (keys, expected) => {
    expect(keyOf(keys)).toEqual(expected)
  })

  it('decodes texts from the charset named', () => {
    const koi8r = Buffer.from('CHARSET KOI8-R (OR $ 1,3000:3021) TEXT {4}\r\n\xcd\xc1\xd4\xd8', 'latin1')
    expect(keyOf(koi8r)).toEqual(
      all(
        {
          key: 'OR',
          left: { key: 'SET', set: '$', uid: false },
          right: {
            key: 'SET',
            set: [
              [1, 1],
              [3000, 3021],
            ],
            uid: false,
          },
        },
        { key: 'TEXT', text: 'мать' },
      ),
    )
    expect(keyOf(Buffer.from('CHARSET ISO-8859-1 SUBJECT {4+}\r\n\xe9lan', 'latin1'))).toEqual({
      key: 'SUBJECT',
      text: 'élan',
    })
    expect(keyOf('CHARSET UTF-8 TEXT {8+}\r\nмать')).toEqual({ key: 'TEXT', text: 'мать' })
  })

  it.each([
    ['SEARCH', 'BAD SEARCH: expected a search key, found the end of the command'],
    ['SEARCH ', 'BAD SEARCH: expected a search key or a message set, found the end of the command'],
    ['SEARCH FOO', 'BAD SEARCH: unknown search key'],
    ['SEARCH "x"', 'BAD SEARCH: expected a search key'],
    ['SEARCH FROM maria@example.com)', 'BAD SEARCH: expected the end of the command'],
    ['SEARCH FROM', 'BAD SEARCH: expected the text of FROM, found the end of the command'],
    ['SEARCH HEADER', 'BAD SEARCH: expected the field of HEADER, found the end of the command'],
    ['SEARCH HEADER x', 'BAD SEARCH: expected the text of HEADER, found the end of the command'],
    ['SEARCH KEYWORD \\Seen', 'BAD SEARCH: expected a keyword'],
    ['SEARCH SINCE yesterday', 'BAD SEARCH: expected the date of SINCE as day-month-year, like 1-Feb-2024'],
    ['SEARCH SINCE 30-Feb-2024', 'BAD SEARCH: there is no such day as the date of SINCE'],
    ['SEARCH LARGER x', 'BAD SEARCH: expected the size of LARGER'],
    ['SEARCH LARGER 9223372036854775808', 'BAD SEARCH: expected the size of LARGER from 0 to 9223372036854775807'],
    ['SEARCH OLDER 0', 'BAD SEARCH: expected the seconds of OLDER from 1 to 4294967295'],
    ['SEARCH MODSEQ "/flags/x" some 1', 'BAD SEARCH: expected all, priv or shared behind the entry of MODSEQ'],
    ['SEARCH EMAILID "x"', 'BAD SEARCH: expected the id of EMAILID'],
    ['SEARCH UID', 'BAD SEARCH: expected the UID set, found the end of the command'],
    ['SEARCH UID 0', 'BAD SEARCH: expected the UID set as numbers from 1 to 4294967295, ranges and "*"'],
    ['SEARCH NOT', 'BAD SEARCH: expected the search key of NOT, found the end of the command'],
    ['SEARCH OR SEEN', 'BAD SEARCH: expected the second search key of OR, found the end of the command'],
    ['SEARCH ()', 'BAD SEARCH: expected at least one in the list of the search keys'],
    ['SEARCH (SEEN', 'BAD SEARCH: expected a closing parenthesis behind the search keys, found the end of the command'],
    ['SEARCH SEEN)', 'BAD SEARCH: expected the end of the command'],
    ['SEARCH RETURN (PARTIAL) ALL', 'BAD SEARCH: expected a space before the range of PARTIAL'],
    ['SEARCH RETURN (UPDATE) ALL', 'BAD SEARCH: the return options are MIN, MAX, ALL, COUNT, SAVE and PARTIAL'],
    ['SEARCH RETURN MIN ALL', 'BAD SEARCH: expected an opening parenthesis before the return options'],
    ['SEARCH RETURN (MIN)', 'BAD SEARCH: expected a search key, found the end of the command'],
    ['SEARCH CHARSET X-UNKNOWN TEXT x', 'NO [BADCHARSET (UTF-8 US-ASCII)] SEARCH: unknown charset'],
    ['SEARCH CHARSET US-ASCII TEXT "é"', 'NO SEARCH: the text of TEXT is not US-ASCII'],
    ['SEARCH CHARSET UTF-8', 'BAD SEARCH: expected a search key, found the end of the command'],
    [`SEARCH ${'('.repeat(300)}`, 'NO [LIMIT] SEARCH: search keys nested more than 256 deep'],
    [`SEARCH ${'NOT '.repeat(300)}SEEN`, 'NO [LIMIT] SEARCH: search keys nested more than 256 deep'],
    [`SEARCH ${'OR SEEN '.repeat(300)}SEEN`, 'NO [LIMIT] SEARCH: search keys nested more than 256 deep'],
    [`SEARCH${' SEEN'.repeat(1025)}`, 'NO [LIMIT] SEARCH: more than 1024 search keys'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })

  it('says NO to texts that are not of their charset, at which JavaMail looks through the messages itself', () => {
    expect(problemOf(Buffer.from('SEARCH TEXT "\xe9"', 'latin1'))).toBe(
      'NO SEARCH: the text of TEXT is not valid UTF-8',
    )
    expect(problemOf(Buffer.from('SEARCH CHARSET ISO-2022-JP TEXT {2+}\r\n\xff\xff', 'latin1'))).toBe(
      'NO SEARCH: the text of TEXT is not valid in the charset named',
    )
  })

  it('takes an OR chain as long as clients write', () => {
    expect(keyOf(`${'OR FROM a '.repeat(255)}FROM b`)?.key).toBe('OR')
  })
})
