import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf } from '../../../test/support/imap-receive.ts'
import type { NotifyGroup, NotifySet } from './command.ts'
import { NOTIFY_NAMES } from './limits.ts'
import { notifyEvents } from './notify.ts'

const set = (groups: NotifyGroup[], rest: Partial<NotifySet> = {}) => ({
  name: 'NOTIFY',
  set: { status: false, groups, unknownEvents: false, ...rest },
})
const messages: NotifyGroup['events'] = ['MessageNew', 'MessageExpunge']

describe('NOTIFY', () => {
  it.each([
    ['NOTIFY NONE', { name: 'NOTIFY', set: null }],
    ['notify none ', { name: 'NOTIFY', set: null }],
    ['NOTIFY SET (selected NONE)', set([{ of: { filter: 'selected' }, events: [], items: [] }])],
    [
      'notify set status (selected-delayed (messagenew (uid flags) MESSAGEEXPUNGE)) (INBOXES (MessageNew MessageExpunge FlagChange))',
      set(
        [
          {
            of: { filter: 'selected-delayed' },
            events: messages,
            items: [{ item: 'UID' }, { item: 'FLAGS' }],
          },
          { of: { filter: 'inboxes' }, events: [...messages, 'FlagChange'], items: [] },
        ],
        { status: true },
      ),
    ],
    [
      'NOTIFY SET (mailboxes inbox (MessageNew MessageExpunge)) (personal (SubscriptionChange MailboxName MailboxName))',
      set([
        { of: { filter: 'mailboxes', names: ['INBOX'] }, events: messages, items: [] },
        { of: { filter: 'personal' }, events: ['SubscriptionChange', 'MailboxName'], items: [] },
      ]),
    ],
    [
      'NOTIFY SET (subtree ("a b" Entw&APw-rfe {1}\r\nc) (MailboxName)) (subscribed NONE)',
      set([
        { of: { filter: 'subtree', names: ['a b', 'Entwürfe', 'c'] }, events: ['MailboxName'], items: [] },
        { of: { filter: 'subscribed' }, events: [], items: [] },
      ]),
    ],
    // There is no wildcard in it.
    ['NOTIFY SET (mailboxes "*" NONE)', set([{ of: { filter: 'mailboxes', names: ['*'] }, events: [], items: [] }])],
    // What an event is nobody knows may go with which others is not known either.
    [
      'NOTIFY SET (personal (AnnotationChange FlagChange X-Other))',
      set([{ of: { filter: 'personal' }, events: ['FlagChange'], items: [] }], { unknownEvents: true }),
    ],
  ])('reads %j', (line, body) => {
    expect(bodyOf(line)).toEqual(body)
  })

  it.each([
    ['NOTIFY', 'expected SET or NONE, found the end of the command'],
    ['NOTIFY ALL', 'expected SET or NONE'],
    ['NOTIFY NONE x', 'expected the end of the command'],
    ['NOTIFY SET', 'expected an event group, found the end of the command'],
    ['NOTIFY SET STATUS', 'expected an event group, found the end of the command'],
    ['NOTIFY SET personal (MailboxName)', 'expected an opening parenthesis before an event group'],
    ['NOTIFY SET (everything NONE)', 'unknown kind of mailboxes'],
    ['NOTIFY SET (personal)', 'expected a space before the events'],
    ['NOTIFY SET (personal ())', 'expected at least one in the list of the events'],
    ['NOTIFY SET (personal MailboxName)', 'expected the events in parentheses, or NONE'],
    ['NOTIFY SET (mailboxes () NONE)', 'expected at least one in the list of the mailbox names'],
    [
      'NOTIFY SET (personal (MailboxName)',
      'expected a closing parenthesis behind an event group, found the end of the command',
    ],
    ['NOTIFY SET (selected NONE) (selected NONE)', 'SELECTED and SELECTED-DELAYED go once, and not together'],
    ['NOTIFY SET (selected NONE) (selected-delayed NONE)', 'SELECTED and SELECTED-DELAYED go once, and not together'],
    ['NOTIFY SET (selected (MailboxName))', 'SELECTED goes with events of messages only'],
    ['NOTIFY SET (personal (MessageNew (uid) MessageExpunge))', 'items of new messages go with SELECTED only'],
    ['NOTIFY SET (selected (MessageNew (uid) MessageNew (uid) MessageExpunge))', 'the items of new messages go once'],
    ['NOTIFY SET (selected (MessageNew ()))', 'expected at least one in the list of the items'],
    ['NOTIFY SET (selected (MessageNew (all)))', 'unknown item'],
    ['NOTIFY SET (personal (MessageNew))', 'MessageNew and MessageExpunge go together'],
    ['NOTIFY SET (personal (MailboxName MessageExpunge))', 'MessageNew and MessageExpunge go together'],
    ['NOTIFY SET (personal (FlagChange))', 'FlagChange goes with MessageNew and MessageExpunge'],
    ['NOTIFY SET (personal (FlagChange MessageNew))', 'MessageNew and MessageExpunge go together'],
  ])('refuses %j', (line, text) => {
    expect(problemOf(line)).toBe(`BAD NOTIFY: ${text}`)
  })

  it('reads as many names as there may be, in all groups', () => {
    const names = Array.from({ length: NOTIFY_NAMES }, (_, index) => `m${index}`)
    const [first, ...others] = names
    const line = `NOTIFY SET (mailboxes ${first} NONE) (subtree (${others.join(' ')}) NONE)`
    expect(bodyOf(line)).toMatchObject({ set: { groups: [{}, { of: { names: others } }] } })
    const tooMany = 'NO [NOTIFICATIONOVERFLOW] NOTIFY: more than 1024 mailbox names'
    for (const more of ['(mailboxes x NONE)', '(subtree (x) NONE)']) expect(problemOf(`${line} ${more}`)).toBe(tooMany)
    expect(problemOf(`NOTIFY SET (mailboxes (${names.join(' ')} x) NONE)`)).toBe(tooMany)
  })

  it('reads back whatever a client may ask for', () => {
    const events = fc
      .record({
        messages: fc.constantFrom<NotifyGroup['events']>([], messages, [...messages, 'FlagChange']),
        others: fc.uniqueArray(fc.constantFrom<NotifyGroup['events'][number]>('MailboxName', 'SubscriptionChange')),
      })
      .map(({ messages, others }) => [...others, ...messages])
    const name = fc.stringMatching(/^[ -~]{1,20}$/).map(text => text.replace(/^inbox(?=$|\/)/i, 'INBOX'))
    const of = fc.oneof(
      fc.record({ filter: fc.constantFrom('inboxes' as const, 'personal' as const, 'subscribed' as const) }),
      fc.record({
        filter: fc.constantFrom('subtree' as const, 'mailboxes' as const),
        names: fc.array(name, { minLength: 1, maxLength: 5 }),
      }),
    )
    const groups = fc.array(fc.record({ of, events, items: fc.constant<NotifyGroup['items']>([]) }), {
      minLength: 1,
      maxLength: 5,
    })
    const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`
    const written = (groups: NotifyGroup[], status: boolean): string =>
      `NOTIFY SET${status ? ' STATUS' : ''}${groups
        .map(({ of, events }) => {
          const names = 'names' in of ? ` (${of.names.map(quoted).join(' ')})` : ''
          return ` (${of.filter}${names} ${events.length === 0 ? 'NONE' : `(${events.join(' ')})`})`
        })
        .join('')}`
    fc.assert(
      fc.property(groups, fc.boolean(), (groups, status) => {
        expect(bodyOf(written(groups, status), { utf8: true })).toEqual(set(groups, { status }))
      }),
    )
    expect(notifyEvents).toHaveLength(5)
  })
})
