import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf } from '../../../test/support/imap-receive.ts'

describe('STATUS', () => {
  it.each([
    ['STATUS blurdybloop (UIDNEXT MESSAGES)', 'blurdybloop', ['UIDNEXT', 'MESSAGES']],
    ['STATUS blurdybloop (UIDNEXT MESSAGES HIGHESTMODSEQ)', 'blurdybloop', ['UIDNEXT', 'MESSAGES', 'HIGHESTMODSEQ']],
    ['status inbox (mailboxid)', 'INBOX', ['MAILBOXID']],
    ['STATUS INBOX (MESSAGES DELETED DELETED-STORAGE)', 'INBOX', ['MESSAGES', 'DELETED', 'DELETED-STORAGE']],
    [
      'STATUS INBOX (APPENDLIMIT SIZE UNSEEN UIDVALIDITY RECENT)',
      'INBOX',
      ['APPENDLIMIT', 'SIZE', 'UNSEEN', 'UIDVALIDITY', 'RECENT'],
    ],
    ['STATUS INBOX (UNSEEN UNSEEN)', 'INBOX', ['UNSEEN']],
  ])('reads %j', (line, mailbox, items) => {
    expect(bodyOf(line)).toEqual({ name: 'STATUS', mailbox, items })
  })

  it.each([
    ['STATUS INBOX', 'BAD STATUS: expected the status items, found the end of the command'],
    ['STATUS INBOX ()', 'BAD STATUS: expected at least one in the list of the status items'],
    ['STATUS INBOX MESSAGES', 'BAD STATUS: expected an opening parenthesis before the status items'],
    ['STATUS INBOX (MESSAGES UIDLAST)', 'BAD STATUS: unknown status item'],
    [
      'STATUS INBOX (MESSAGES',
      'BAD STATUS: expected a closing parenthesis behind the status items, found the end of the command',
    ],
    ['STATUS INBOX (MESSAGES )', 'BAD STATUS: expected a status item'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })
})
