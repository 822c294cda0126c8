import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf, receiveAll } from '../../../test/support/imap-receive.ts'

const esearch = (sources: object[], rest: object = {}) => ({
  name: 'ESEARCH',
  sources,
  arguments: { key: { key: 'ALL' }, charset: null, return: ['ALL'], ...rest },
})
const selected = [{ filter: 'selected' }]

describe('ESEARCH', () => {
  it.each([
    ['ESEARCH ALL', esearch(selected)],
    ['esearch return (save) charset utf-8 all', esearch(selected, { return: ['SAVE'], charset: 'UTF-8' })],
    ['ESEARCH IN (selected) ALL', esearch(selected)],
    [
      'ESEARCH IN (Personal INBOXES subscribed SELECTED) RETURN (COUNT PARTIAL 1:2) ALL',
      esearch([{ filter: 'personal' }, { filter: 'inboxes' }, { filter: 'subscribed' }, { filter: 'selected' }], {
        return: ['COUNT', 'PARTIAL'],
        partial: { from: 1, to: 2, fromLast: false },
      }),
    ],
    [
      'ESEARCH IN (mailboxes inbox subtree ("a b" {1+}\r\nc &AOk-) subtree-one d) RETURN () ALL',
      esearch([
        { filter: 'mailboxes', names: ['INBOX'] },
        { filter: 'subtree', names: ['a b', 'c', 'é'] },
        { filter: 'subtree-one', names: ['d'] },
      ]),
    ],
  ])('reads %j', (line, body) => {
    expect(bodyOf(line)).toEqual(body)
  })

  it.each([
    ['ESEARCH', 'BAD ESEARCH: expected a search key, found the end of the command'],
    ['ESEARCH IN ALL', 'BAD ESEARCH: expected an opening parenthesis before the mailboxes'],
    ['ESEARCH IN () ALL', 'BAD ESEARCH: expected at least one in the list of the mailboxes'],
    ['ESEARCH IN (selected-delayed) ALL', 'BAD ESEARCH: unknown kind of mailboxes'],
    ['ESEARCH IN (mailboxes) ALL', 'BAD ESEARCH: expected a space before the mailbox names'],
    ['ESEARCH IN (mailboxes ()) ALL', 'BAD ESEARCH: expected at least one in the list of the mailbox names'],
    ['ESEARCH IN (personal (x 1)) ALL', 'BAD ESEARCH: unknown scope option'],
    ['ESEARCH IN (personal)', 'BAD ESEARCH: expected a search key, found the end of the command'],
    ['ESEARCH IN (personal) RETURN (ALL PARTIAL 1:2) ALL', 'BAD ESEARCH: PARTIAL and ALL exclude each other'],
    ['UID ESEARCH ALL', 'BAD UID: no such command goes with UID'],
    [
      `ESEARCH IN (mailboxes (${Array(257).fill('a').join(' ')})) ALL`,
      'NO [LIMIT] ESEARCH: more than 256 mailbox names',
    ],
    [
      `ESEARCH IN (mailboxes (${Array(200).fill('a').join(' ')}) subtree (${Array(57).fill('a').join(' ')})) ALL`,
      'NO [LIMIT] ESEARCH: more than 256 mailbox names',
    ],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })

  it.each([
    'ESEARCH RETURN (SAVE) CHARSET X-UNKNOWN ALL',
    'ESEARCH IN (selected) RETURN (COUNT SAVE) CHARSET X-UNKNOWN ALL',
  ])('empties what was to be saved where it fails: %s', line => {
    expect(receiveAll(`a ${line}\r\n`)).toMatchObject([{ kind: 'problem', type: 'NO', emptiesResult: true }])
  })
})
