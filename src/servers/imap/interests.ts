/** What a NOTIFY asks for, as one question for each mailbox (RFC 5465 §5, §6). No input or output. */
import { normalizeMailboxName, superiorOf } from '../../mail/mailbox-name.ts'
import type { FetchItem, NotifyEvent, NotifyGroup } from '../../wire/imap/command.ts'

/** Bits. New and expunged messages are asked for together. */
export const Watch = { Messages: 1, Flags: 2, Names: 4, Subscriptions: 8 } as const

const bits: Record<NotifyEvent, number> = {
  MessageNew: Watch.Messages,
  MessageExpunge: Watch.Messages,
  FlagChange: Watch.Flags,
  MailboxName: Watch.Names,
  SubscriptionChange: Watch.Subscriptions,
}

/** Of the mailbox that is selected. */
export interface OfSelected {
  /** New messages, and expunged ones. */
  messages: boolean
  flags: boolean
  /** Expunged messages are told whatever the client does; else where RFC 9051 §7.5.1 allows it. */
  expungesAtOnce: boolean
  /** What is told of new messages. */
  items: readonly FetchItem[]
}

/** Who never said NOTIFY. */
export const EVERYTHING: OfSelected = { messages: true, flags: true, expungesAtOnce: false, items: [] }

export class Interests {
  readonly selected: OfSelected
  #ofAll = 0
  #ofSubscribed = 0
  readonly #ofNames = new Map<string, number>()
  readonly #ofSubtrees = new Map<string, number>()

  constructor(groups: readonly NotifyGroup[]) {
    let selected: OfSelected = { ...EVERYTHING, messages: false, flags: false }
    for (const { of, events, items } of groups) {
      let asked = 0
      for (const event of events) asked |= bits[event]
      switch (of.filter) {
        case 'selected':
        case 'selected-delayed':
          selected = {
            messages: (asked & Watch.Messages) !== 0,
            flags: (asked & Watch.Flags) !== 0,
            expungesAtOnce: of.filter === 'selected',
            items: items.map(withoutSeen),
          }
          break
        // Any mailbox may get mail by a filter: then it is as "personal" (RFC 5465 §6.3), which is all there is.
        case 'inboxes':
        case 'personal':
          this.#ofAll |= asked
          break
        case 'subscribed':
          this.#ofSubscribed |= asked
          break
        case 'subtree':
          addTo(this.#ofSubtrees, of.names, asked)
          break
        case 'mailboxes':
          addTo(this.#ofNames, of.names, asked)
      }
    }
    this.selected = selected
  }

  /** Of any mailbox but the selected one. */
  get any(): number {
    let any = this.#ofAll | this.#ofSubscribed
    for (const asked of this.#ofNames.values()) any |= asked
    for (const asked of this.#ofSubtrees.values()) any |= asked
    return any
  }

  /** By its name: one that comes to it later is meant as well. */
  of(name: string, subscribed: boolean): number {
    let asked = this.#ofAll | (subscribed ? this.#ofSubscribed : 0) | (this.#ofNames.get(name) ?? 0)
    if (this.#ofSubtrees.size > 0)
      for (let at: string | null = name; at !== null; at = superiorOf(at)) asked |= this.#ofSubtrees.get(at) ?? 0
    return asked
  }
}

function addTo(asked: Map<string, number>, names: readonly string[], events: number): void {
  if (events === 0) return
  for (const given of names) {
    const name = normalizeMailboxName(given.endsWith('/') ? given.slice(0, -1) : given)
    asked.set(name, (asked.get(name) ?? 0) | events)
  }
}

/** A message is not read because it came: RFC 5465 §5.2 has clients ask for nothing that sets \Seen. */
const withoutSeen = (item: FetchItem): FetchItem =>
  item.item === 'SECTION' || item.item === 'BINARY' ? { ...item, peek: true } : item
