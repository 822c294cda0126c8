import { describe, expect, it } from 'vitest'
import { continuation, formatCode, problemResponse, type ResponseCode, tagged, untagged } from './status-response.ts'

describe('a status response', () => {
  it.each([
    [tagged('a1', 'OK', 'NOOP completed'), 'a1 OK NOOP completed\r\n'],
    [tagged('a1', 'NO', 'no such mailbox', 'TRYCREATE'), 'a1 NO [TRYCREATE] no such mailbox\r\n'],
    [
      untagged('OK', 'ready', { code: 'CAPABILITY', capabilities: ['IMAP4rev2', 'IDLE'] }),
      '* OK [CAPABILITY IMAP4rev2 IDLE] ready\r\n',
    ],
    [untagged('BYE', 'shutting down', 'UNAVAILABLE'), '* BYE [UNAVAILABLE] shutting down\r\n'],
    [untagged('PREAUTH', 'hello'), '* PREAUTH hello\r\n'],
    [continuation('idling'), '+ idling\r\n'],
    [continuation(''), '+ \r\n'],
  ])('%#: %j', (line, expected) => {
    expect(line).toBe(expected)
  })

  it('stays one line, whatever its text', () => {
    expect(tagged('a', 'NO', 'remote said\r\nb OK\0x')).toBe('a NO remote said b OK x\r\n')
    expect(continuation('a\r\n* OK')).toBe('+ a * OK\r\n')
  })

  it.each<[ResponseCode, string]>([
    ['READ-WRITE', 'READ-WRITE'],
    [{ code: 'BADCHARSET', charsets: ['UTF-8', 'US-ASCII'] }, 'BADCHARSET (UTF-8 US-ASCII)'],
    [{ code: 'PERMANENTFLAGS', flags: ['\\Seen', '\\*'] }, 'PERMANENTFLAGS (\\Seen \\*)'],
    [{ code: 'UIDVALIDITY', value: 3857529045 }, 'UIDVALIDITY 3857529045'],
    [{ code: 'UIDNEXT', value: 4392 }, 'UIDNEXT 4392'],
    [{ code: 'HIGHESTMODSEQ', value: 715194045007 }, 'HIGHESTMODSEQ 715194045007'],
    [{ code: 'INPROGRESS', tag: 'A001', done: 454, goal: 1000 }, 'INPROGRESS ("A001" 454 1000)'],
    [{ code: 'INPROGRESS', tag: 'A]01', done: 1000, goal: 1000 }, 'INPROGRESS (NIL 999 1000)'],
    [{ code: 'INPROGRESS', tag: 'A001', done: 454, goal: null }, 'INPROGRESS ("A001" 454 NIL)'],
    [{ code: 'INPROGRESS', tag: 'A001', done: 0, goal: 0 }, 'INPROGRESS ("A001" 0 NIL)'],
    [{ code: 'APPENDUID', uidValidity: 38505, uids: [[3955, 3957]] }, 'APPENDUID 38505 3955:3957'],
    [
      {
        code: 'COPYUID',
        uidValidity: 38505,
        from: [
          [304, 304],
          [319, 320],
        ],
        to: [[3956, 3958]],
      },
      'COPYUID 38505 304,319:320 3956:3958',
    ],
    [
      {
        code: 'MODIFIED',
        set: [
          [7, 7],
          [9, 9],
        ],
      },
      'MODIFIED 7,9',
    ],
    [{ code: 'MAILBOXID', id: 'F2212ea87-6097-4256-9d51-71338625' }, 'MAILBOXID (F2212ea87-6097-4256-9d51-71338625)'],
  ])('has the code %j', (code, text) => {
    expect(formatCode(code)).toBe(text)
  })

  it('answers a problem with its tag, or without', () => {
    const problem = { kind: 'problem', tag: 'a', type: 'NO', code: 'TOOBIG', text: 'too big', fatal: false } as const
    expect(problemResponse(problem)).toBe('a NO [TOOBIG] too big\r\n')
    expect(problemResponse({ ...problem, tag: null, type: 'BAD', code: null })).toBe('* BAD too big\r\n')
  })
})
