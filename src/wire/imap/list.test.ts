import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf } from '../../../test/support/imap-receive.ts'
import type { ListArguments } from './command.ts'

interface Expected {
  lsub?: boolean
  reference?: string
  patterns?: string[]
  select?: Partial<ListArguments['select']>
  return?: Partial<ListArguments['return']>
  extended?: boolean
}

const list = (expected: Expected) => ({
  name: 'LIST',
  arguments: {
    lsub: false,
    reference: '',
    patterns: ['%'],
    extended: true,
    ...expected,
    select: { subscribed: false, remote: false, recursiveMatch: false, specialUse: false, ...expected.select },
    return: { subscribed: false, children: false, specialUse: false, status: null, ...expected.return },
  },
})

describe('LIST and LSUB', () => {
  it.each([
    ['LIST "" *', list({ patterns: ['*'], extended: false })],
    ['LIST "" ""', list({ patterns: [''], extended: false })],
    ['LIST ~/Mail/ %', list({ reference: '~/Mail/', extended: false })],
    ['LIST #news.comp.mail.misc "" ', list({ reference: '#news.comp.mail.misc', patterns: [''], extended: false })],
    ['LIST "" inbox', list({ patterns: ['INBOX'], extended: false })],
    ['LIST "" inbox/%', list({ patterns: ['INBOX/%'], extended: false })],
    ['LIST "" Entw&APw-rfe/*', list({ patterns: ['Entwürfe/*'], extended: false })],
    ['LIST "" {1}\r\n%', list({ extended: false })],
    ['LIST () "" %', list({})],
    ['LIST (SUBSCRIBED) "" "*"', list({ patterns: ['*'], select: { subscribed: true } })],
    [
      'LIST (SUBSCRIBED REMOTE RECURSIVEMATCH) "" %',
      list({ select: { subscribed: true, remote: true, recursiveMatch: true } }),
    ],
    ['LIST (SPECIAL-USE) "" %', list({ select: { specialUse: true } })],
    ['LIST () "" "%" RETURN (CHILDREN)', list({ return: { children: true } })],
    ['LIST "" ("INBOX" "Drafts" "Sent/%")', list({ patterns: ['INBOX', 'Drafts', 'Sent/%'] })],
    ['LIST "" (% music/rock)', list({ patterns: ['%', 'music/rock'] })],
    ['LIST "" % RETURN ()', list({})],
    ['list "" % return (subscribed special-use)', list({ return: { subscribed: true, specialUse: true } })],
    ['LIST "" % RETURN (STATUS (MESSAGES UNSEEN))', list({ return: { status: ['MESSAGES', 'UNSEEN'] } })],
    [
      'LSUB "#news." "comp.%"',
      list({ lsub: true, reference: '#news.', patterns: ['comp.%'], select: { subscribed: true }, extended: false }),
    ],
  ])('reads %j', (line, body) => {
    expect(bodyOf(line)).toEqual(body)
  })

  it('reads patterns as UTF-8 once the client enabled it', () => {
    expect(bodyOf('LIST "" "Entwürfe&/%"', { utf8: true })).toEqual(
      list({ patterns: ['Entwürfe&/%'], extended: false }),
    )
  })

  it.each([
    ['LIST', 'BAD LIST: expected the reference name, found the end of the command'],
    ['LIST ""', 'BAD LIST: expected the mailbox pattern, found the end of the command'],
    ['LIST (RECURSIVEMATCH) "" %', 'BAD LIST: RECURSIVEMATCH needs SUBSCRIBED or SPECIAL-USE beside it'],
    ['LIST (REMOTE RECURSIVEMATCH) "" %', 'BAD LIST: RECURSIVEMATCH needs SUBSCRIBED or SPECIAL-USE beside it'],
    ['LIST (NEW) "" %', 'BAD LIST: unknown selection option'],
    ['LIST (SUBSCRIBED)"" %', 'BAD LIST: expected a space before the reference name'],
    ['LIST "" ()', 'BAD LIST: expected at least one in the list of the mailbox patterns'],
    [
      'LIST "" (a b',
      'BAD LIST: expected a closing parenthesis behind the mailbox patterns, found the end of the command',
    ],
    [`LIST "" (${Array(65).fill('a').join(' ')})`, 'NO [LIMIT] LIST: more than 64 in the list of the mailbox patterns'],
    [`LIST "" ${'a'.repeat(4097)}`, 'NO [LIMIT] LIST: the mailbox patterns have more than 4096 bytes'],
    [`LIST ${'a'.repeat(2048)} (a b)`, 'NO [LIMIT] LIST: the mailbox patterns have more than 4096 bytes'],
    [`LIST "" ${'*a'.repeat(65)}`, 'NO [LIMIT] LIST: the mailbox patterns have more than 64 wildcards'],
    [`LIST "${'%/'.repeat(32)}" (a %)`, 'NO [LIMIT] LIST: the mailbox patterns have more than 64 wildcards'],
    [`LSUB "" ${'%a'.repeat(65)}`, 'NO [LIMIT] LSUB: the mailbox patterns have more than 64 wildcards'],
    ['LIST "" % (CHILDREN)', 'BAD LIST: expected RETURN or the end of the command'],
    ['LIST "" % RETURN', 'BAD LIST: expected the return options, found the end of the command'],
    ['LIST "" % RETURN (MYRIGHTS)', 'BAD LIST: unknown return option'],
    ['LIST "" % RETURN (STATUS)', 'BAD LIST: expected a space before the status items'],
    ['LIST "" % RETURN (STATUS ())', 'BAD LIST: expected at least one in the list of the status items'],
    ['LIST "" R&D*', 'NO [CANNOT] LIST: the mailbox pattern is not valid modified UTF-7'],
    ['LSUB "" (a b)', 'BAD LSUB: expected the mailbox pattern'],
    ['LSUB "" * RETURN ()', 'BAD LSUB: expected the end of the command'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })
})
