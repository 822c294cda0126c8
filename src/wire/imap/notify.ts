/** NOTIFY (RFC 5465 §3.1, §8). */
import type { CommandBody, FetchItem, NotifyEvent, NotifyGroup, NotifySet } from './command.ts'
import type { Decoder } from './decoder.ts'
import { itemList } from './fetch.ts'
import { NOTIFY_NAMES } from './limits.ts'
import { type FilterNames, mailboxFilter } from './mailbox-filter.ts'

export const notifyEvents: readonly NotifyEvent[] = [
  'MessageNew',
  'MessageExpunge',
  'FlagChange',
  'MailboxName',
  'SubscriptionChange',
]
const eventsByName = new Map(notifyEvents.map(event => [event.toUpperCase(), event]))
const messageEvents: readonly string[] = ['MessageNew', 'MessageExpunge', 'FlagChange'] satisfies NotifyEvent[]

const filters = {
  plain: ['selected', 'selected-delayed', 'inboxes', 'personal', 'subscribed'],
  named: ['subtree', 'mailboxes'],
} as const

const isOfSelected = ({ of: { filter } }: NotifyGroup): boolean =>
  filter === 'selected' || filter === 'selected-delayed'

export function parseNotify(decoder: Decoder): CommandBody {
  decoder.space('SET or NONE')
  const form = decoder.word('SET or NONE')
  if (form === 'NONE') return { name: 'NOTIFY', set: null }
  if (form !== 'SET') decoder.refuse('expected SET or NONE')
  const set: NotifySet = { status: decoder.takesText(' STATUS'), groups: [], unknownEvents: false }
  const names: FilterNames = { count: 0, most: NOTIFY_NAMES, code: 'NOTIFICATIONOVERFLOW' }
  do {
    decoder.space('an event group')
    set.groups.push(group(decoder, set, names))
  } while (!decoder.onlySpacesLeft)
  check(decoder, set)
  return { name: 'NOTIFY', set }
}

function group(decoder: Decoder, set: NotifySet, names: FilterNames): NotifyGroup {
  decoder.expect('(', 'an opening parenthesis before an event group')
  const of = mailboxFilter(decoder, filters, names)
  decoder.space('the events')
  const items: FetchItem[] = []
  const events = decoder.sees('(')
    ? decoder.filledList('the events', () => event(decoder, set, items))
    : decoder.word('the events or NONE') === 'NONE'
      ? []
      : decoder.refuse('expected the events in parentheses, or NONE')
  decoder.expect(')', 'a closing parenthesis behind an event group')
  return { of, events: [...new Set(events.filter(name => name !== null))], items }
}

/** Null for one that nobody here knows. */
function event(decoder: Decoder, set: NotifySet, items: FetchItem[]): NotifyEvent | null {
  const known = eventsByName.get(decoder.keyword('an event')) ?? null
  if (known === null) set.unknownEvents = true
  if (known === 'MessageNew' && decoder.seesText(' (')) {
    decoder.space('the items')
    if (items.length > 0) decoder.refuse('the items of new messages go once')
    items.push(...itemList(decoder))
  }
  return known
}

/** RFC 5465 §5, §6.1, §8: what can't be asked for together, or elsewhere than in the mailbox that is selected. */
function check(decoder: Decoder, { groups, unknownEvents }: NotifySet): void {
  if (groups.filter(isOfSelected).length > 1) decoder.refuse('SELECTED and SELECTED-DELAYED go once, and not together')
  for (const group of groups) {
    const { events, items } = group
    if (isOfSelected(group)) {
      if (events.some(name => !messageEvents.includes(name)))
        decoder.refuse('SELECTED goes with events of messages only')
    } else if (items.length > 0) decoder.refuse('items of new messages go with SELECTED only')
    // RFC 5465 §3.1: NO comes before BAD where an event is not known.
    if (unknownEvents) continue
    const [hasNew, hasExpunge, hasFlags] = messageEvents.map(name => events.some(event => event === name))
    if (hasNew !== hasExpunge) decoder.refuse('MessageNew and MessageExpunge go together')
    if (hasFlags && !hasNew) decoder.refuse('FlagChange goes with MessageNew and MessageExpunge')
  }
}
