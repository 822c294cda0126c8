import { describe, expect, it } from 'vitest'
import { MailboxNameError, newMailboxName, normalizeMailboxName, superiorOf } from './mailbox-name.ts'

describe('normalizeMailboxName', () => {
  it.each([
    ['inbox', 'INBOX'],
    ['InBox/Bills', 'INBOX/Bills'],
    ['Inboxes', 'Inboxes'],
    ['e\u0301te\u0301', 'été'],
  ])('%s → %s', (given, name) => {
    expect(normalizeMailboxName(given)).toBe(name)
  })
})

describe('newMailboxName', () => {
  it('drops one trailing delimiter', () => {
    expect(newMailboxName('Projects/')).toBe('Projects')
  })

  it.each([
    ['nothing', ''],
    ['the delimiter alone', '/'],
    ['an empty level', 'a//b'],
    ['a leading delimiter', '/a'],
    ['two trailing delimiters', 'a//'],
    ['a control character', 'a\u0007b'],
    ['a line separator', 'a\u2028b'],
    ['a lone surrogate', 'a\ud800'],
    ['a wildcard', '100%'],
    ['what is a path to programs', '.'],
    ['the same further down', 'a/../b'],
    ['more bytes than a client can keep', 'é'.repeat(501)],
    ['too many levels', Array(26).fill('a').join('/')],
  ])('refuses %s', (_, name) => {
    expect(() => newMailboxName(name)).toThrow(MailboxNameError)
  })
})

it('finds the superior of a name', () => {
  expect(superiorOf('a/b/c')).toBe('a/b')
  expect(superiorOf('a')).toBeNull()
})
