/**
 * The mailboxes that a NOTIFY watches, as its client was told of them last; and what it is to be told where they are
 * otherwise now (RFC 5465 §5). No input or output.
 *
 * - Where names or subscriptions are watched, all mailboxes of the account are kept, else those that are asked for.
 * - Several changes between two looks are told as one: as the mailboxes are, not how they came to be so.
 */
import type { MailboxId, MailboxRow, Modseq } from '../../store/types.ts'
import type { StatusItem } from '../../wire/imap/command.ts'
import type { ListedMailbox } from '../../wire/imap/responses.ts'
import { type Interests, Watch } from './interests.ts'
import { type Changed, toldNames } from './told-names.ts'

export type Told = { list: ListedMailbox } | { status: MailboxRow; items: StatusItem[] }

/** What there is now. */
export interface Look {
  /** Those that changed, or all that there are. */
  rows: readonly MailboxRow[]
  isAll: boolean
  /** Changes up to it are the client's own: it knows of them. */
  ownUpTo: Modseq
  /** There were such since the look before: what is kept is older than what the client knows. */
  isOwn: boolean
}

/** What the client knows of a mailbox that it selects no more: what came and went there, it may not have been told. */
export type Left = Pick<MailboxRow, 'mailboxId' | 'messages' | 'uidNext'>

export interface ToldTo {
  /** Message events of it are told otherwise. */
  selected: MailboxId | null
  condstore: boolean
}

const noneAlong: ReadonlySet<Changed> = new Set()

export class WatchedMailboxes {
  readonly #interests: Interests
  readonly #keepsAll: boolean
  readonly #kept = new Map<MailboxId, MailboxRow>()
  /** How many there are, kept or not, and the highest id of them. */
  #count = 0
  #newest: MailboxId = 0
  #left: Left | null = null

  /** `rows`: all of the account. */
  constructor(interests: Interests, rows: readonly MailboxRow[]) {
    this.#interests = interests
    this.#keepsAll = (interests.any & (Watch.Names | Watch.Subscriptions)) !== 0
    for (const row of rows) this.#keep(row)
    this.#count = rows.length
  }

  /** How many are kept. */
  get size(): number {
    return this.#kept.size
  }

  /** Whether there is more to it than the changed ones: some are gone. */
  misses(mailboxes: number, changed: readonly MailboxRow[]): boolean {
    let made = 0
    for (const { mailboxId } of changed) if (mailboxId > this.#newest) made++
    return this.#count + made !== mailboxes
  }

  /** The client deleted it, by that name. One that it knows by another it is told of. */
  forget(mailboxId: MailboxId, name: string): void {
    const known = this.#kept.get(mailboxId)?.name
    if (known !== undefined && known !== name) return
    this.#kept.delete(mailboxId)
    // One that it made since the last look is not counted yet.
    if (mailboxId <= this.#newest) this.#count--
  }

  /** RFC 5465 §3.1: the state of those whose messages are watched. */
  states({ selected, condstore }: ToldTo): Told[] {
    const told: Told[] = []
    for (const row of this.#kept.values()) {
      const asked = this.#interests.of(row.name, row.subscribed)
      if (row.mailboxId === selected || !(asked & Watch.Messages)) continue
      const flags = (asked & Watch.Flags) !== 0
      told.push({ status: row, items: items({ counts: true, unseen: flags, modseq: condstore || flags }) })
    }
    return told
  }

  leave(mailbox: Left): void {
    if (this.#kept.has(mailbox.mailboxId)) this.#left = mailbox
  }

  get hasLeft(): boolean {
    return this.#left !== null
  }

  update({ rows, isAll, ownUpTo, isOwn }: Look, to: ToldTo): Told[] {
    const gone = isAll ? this.#gone(rows) : []
    const changed: Changed[] = []
    for (const row of this.#withLeft(rows)) {
      const before = this.#known(row.mailboxId)
      const isMissed = before !== this.#kept.get(row.mailboxId)
      if (!isMissed && before?.highestModseq === row.highestModseq && before.uidValidity === row.uidValidity) continue
      const made = row.mailboxId > this.#newest
      this.#count += made && !isAll ? 1 : 0
      this.#keep(row)
      if ((isMissed || row.highestModseq > ownUpTo) && this.#kept.has(row.mailboxId)) changed.push({ before, row })
    }
    this.#left = null
    if (isAll) this.#count = rows.length
    const { lists, along } = this.#keepsAll
      ? toldNames({ interests: this.#interests, mailboxes: this.#kept, gone, changed })
      : { lists: [], along: noneAlong }
    return [
      ...lists.map(list => ({ list })),
      ...changed.flatMap(each => this.#status(each, { isAlong: along.has(each), isOwn }, to) ?? []),
    ]
  }

  /** Also the one that the client left, as it was looked at last. */
  #withLeft(rows: readonly MailboxRow[]): readonly MailboxRow[] {
    const left = this.#left && this.#kept.get(this.#left.mailboxId)
    return !left || rows.some(({ mailboxId }) => mailboxId === left.mailboxId) ? rows : [...rows, left]
  }

  /** As the client knows it. */
  #known(mailboxId: MailboxId): MailboxRow | undefined {
    const kept = this.#kept.get(mailboxId)
    const left = this.#left
    if (!kept || left?.mailboxId !== mailboxId) return kept
    return left.messages === kept.messages && left.uidNext === kept.uidNext ? kept : { ...kept, ...left }
  }

  #keep(row: MailboxRow): void {
    if (row.mailboxId > this.#newest) this.#newest = row.mailboxId
    if (this.#keepsAll || this.#interests.of(row.name, row.subscribed) !== 0) this.#kept.set(row.mailboxId, row)
    else this.#kept.delete(row.mailboxId)
  }

  #gone(rows: readonly MailboxRow[]): MailboxRow[] {
    const there = new Set(rows.map(({ mailboxId }) => mailboxId))
    const gone = [...this.#kept.values()].filter(({ mailboxId }) => !there.has(mailboxId))
    for (const { mailboxId } of gone) this.#kept.delete(mailboxId)
    return gone
  }

  /** `isAlong`: the client knows its new name, where it has one. */
  #status(
    { before, row }: Changed,
    { isAlong, isOwn }: { isAlong: boolean; isOwn: boolean },
    { selected, condstore }: ToldTo,
  ): Told | null {
    const asked = this.#interests.of(row.name, row.subscribed)
    if (row.mailboxId === selected || !(asked & Watch.Messages)) return null
    const flags = (asked & Watch.Flags) !== 0
    const wasWatched = before && this.#interests.of(before.name, before.subscribed) & Watch.Messages
    const isKnown = before && before.uidValidity === row.uidValidity && (before.name === row.name || isAlong)
    if (isKnown && wasWatched) {
      const unseen = before.unseen !== row.unseen
      if (isOwn || before.messages !== row.messages || before.uidNext !== row.uidNext)
        return { status: row, items: items({ counts: true, unseen: flags, modseq: condstore }) }
      // One that went along with its superior has another mod-sequence for that alone.
      const mayHaveFlags = unseen || (condstore && before.name === row.name)
      return flags && mayHaveFlags ? { status: row, items: items({ counts: false, unseen, modseq: condstore }) } : null
    }
    // The name stands for another mailbox than before, or for one at last: its UIDVALIDITY is told with FlagChange (RFC 5465 §5.1).
    if (!flags && row.messages === 0 && !wasWatched) return null
    return { status: row, items: items({ counts: true, unseen: flags, modseq: condstore }) }
  }
}

function items({ counts, unseen, modseq }: { counts: boolean; unseen: boolean; modseq: boolean }): StatusItem[] {
  return [
    ...(counts ? (['MESSAGES', 'UIDNEXT'] as const) : []),
    'UIDVALIDITY',
    ...(unseen ? (['UNSEEN'] as const) : []),
    ...(modseq ? (['HIGHESTMODSEQ'] as const) : []),
  ]
}
