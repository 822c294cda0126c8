import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf } from '../../../test/support/imap-receive.ts'

describe('CREATE, DELETE, RENAME, SUBSCRIBE and UNSUBSCRIBE', () => {
  it.each([
    ['CREATE owatagusiam/', { name: 'CREATE', mailbox: 'owatagusiam/', specialUse: [] }],
    ['CREATE "Sent Mail"', { name: 'CREATE', mailbox: 'Sent Mail', specialUse: [] }],
    ['CREATE x ', { name: 'CREATE', mailbox: 'x', specialUse: [] }],
    [
      'CREATE MySpecial (USE (\\Drafts \\Sent))',
      { name: 'CREATE', mailbox: 'MySpecial', specialUse: ['\\Drafts', '\\Sent'] },
    ],
    ['CREATE Everything (use (\\All))', { name: 'CREATE', mailbox: 'Everything', specialUse: ['\\All'] }],
    ['CREATE Everything (USE ())', { name: 'CREATE', mailbox: 'Everything', specialUse: [] }],
    ['DELETE blurdybloop', { name: 'DELETE', mailbox: 'blurdybloop' }],
    ['RENAME blurdybloop sarasoop', { name: 'RENAME', from: 'blurdybloop', to: 'sarasoop' }],
    ['RENAME INBOX {8}\r\nold-mail', { name: 'RENAME', from: 'INBOX', to: 'old-mail' }],
    ['SUBSCRIBE #news.comp.mail.mime', { name: 'SUBSCRIBE', mailbox: '#news.comp.mail.mime' }],
    ['UNSUBSCRIBE X', { name: 'UNSUBSCRIBE', mailbox: 'X' }],
  ])('reads %j', (line, body) => {
    expect(bodyOf(line)).toEqual(body)
  })

  it.each([
    ['CREATE', 'BAD CREATE: expected the mailbox name, found the end of the command'],
    ['CREATE a b', 'BAD CREATE: expected an opening parenthesis before the parameters'],
    ['CREATE a (QUOTA 1)', 'BAD CREATE: the only parameter is USE'],
    ['CREATE a (USE \\Drafts)', 'BAD CREATE: expected an opening parenthesis before the special uses'],
    ['CREATE a (USE (Drafts))', 'BAD CREATE: expected a backslash before the special use'],
    ['DELETE', 'BAD DELETE: expected the mailbox name, found the end of the command'],
    ['DELETE Notes that need', 'BAD DELETE: expected the end of the command'],
    ['DELETE foo*', 'BAD DELETE: expected the end of the command'],
    ['RENAME this', 'BAD RENAME: expected the new mailbox name, found the end of the command'],
    ['SUBSCRIBE', 'BAD SUBSCRIBE: expected the mailbox name, found the end of the command'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })
})

describe('a mailbox name', () => {
  const nameOf = (name: string, utf8 = false): unknown => {
    const body = bodyOf(`DELETE ${name}`, { utf8 })
    return 'mailbox' in body && body.mailbox
  }

  it('is INBOX in any case, as is the first level of what is below', () => {
    expect(nameOf('"inBOX"')).toBe('INBOX')
    expect(nameOf('inbox/Work')).toBe('INBOX/Work')
    expect(nameOf('inboxes')).toBe('inboxes')
    expect(nameOf('a/inbox')).toBe('a/inbox')
  })

  it('is modified UTF-7 for a client of rev1', () => {
    expect(nameOf('~peter/mail/&U,BTFw-/&ZeVnLIqe-')).toBe('~peter/mail/台北/日本語')
    expect(nameOf('Entw&APw-rfe')).toBe('Entwürfe')
    expect(nameOf('R&-D')).toBe('R&D')
  })

  it('is UTF-8 once the client enabled it', () => {
    expect(nameOf('"Entwürfe"', true)).toBe('Entwürfe')
    expect(nameOf('R&-D', true)).toBe('R&-D')
    expect(nameOf('{9+}\r\nEntwürfe', true)).toBe('Entwürfe')
  })

  it.each([
    ['DELETE R&D', 'NO [CANNOT] DELETE: the mailbox name is not valid modified UTF-7'],
    ['DELETE "Entwürfe"', 'NO [CANNOT] DELETE: the mailbox name is not valid modified UTF-7'],
    ['DELETE {3+}\r\na\r\n', 'NO [CANNOT] DELETE: the mailbox name is not valid modified UTF-7'],
    ['DELETE &AAo-', 'NO [CANNOT] DELETE: the mailbox name holds control characters'],
    ['RENAME a &AA0-', 'NO [CANNOT] RENAME: the new mailbox name holds control characters'],
  ])('is refused in %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })

  it('with a line break, which would break the lines of answers, is refused in UTF-8 too', () => {
    expect(problemOf('DELETE {3+}\r\na\nb', { utf8: true })).toBe(
      'NO [CANNOT] DELETE: the mailbox name holds control characters',
    )
  })
})
