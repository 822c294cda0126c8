/**
 * The mailbox a session has selected, and what its client has been told of it.
 *
 * `toldUpTo` and `toldExpungesUpTo` are mod-sequences of the account: every change up to them has been told, or was made by
 * this session. They part where flags may be told but expunges may not (RFC 9051 §7.5.1). The session asks the store
 * for more only when `noticed`, the newest change it heard of, lies beyond.
 */
import type { MailboxView } from '../../mail/mailbox-view.ts'
import type { MailboxRef } from '../../mail/messages.ts'
import type { AccountId, MailboxId, MessageRow, Modseq } from '../../store/types.ts'
import { ToldKeywords } from './flag-names.ts'
import { OWN_CHANGES } from './limits.ts'
import { RecentMessages } from './recent.ts'
import { SavedResult } from './saved-result.ts'

export interface Opened {
  /** Those of the mailbox. */
  keywords: readonly string[]
  accountId: AccountId
  mailboxId: MailboxId
  readOnly: boolean
  view: MailboxView
  /** Of the mailbox, as reported to the client. */
  highestModseq: Modseq
  /** All changes of the account up to here are in the view. */
  upTo: Modseq
}

export class SelectedMailbox implements MailboxRef {
  readonly accountId: AccountId
  readonly mailboxId: MailboxId
  readonly readOnly: boolean
  readonly view: MailboxView
  /** The mailbox's HIGHESTMODSEQ when last looked at. */
  highestModseq: Modseq
  toldUpTo: Modseq
  toldExpungesUpTo: Modseq
  noticed: Modseq
  /** Messages are gone that the client could not be told of yet. */
  withholds = false
  readonly keywords = new ToldKeywords()
  readonly recent = new RecentMessages()
  saved = SavedResult.empty
  /** Another session deleted it; it stays selected, empty. */
  gone = false
  /** Mod-sequences of changes that this session made and told its client of. */
  readonly #own = new Set<Modseq>()

  constructor({ accountId, mailboxId, readOnly, view, highestModseq, upTo, keywords }: Opened) {
    this.accountId = accountId
    this.mailboxId = mailboxId
    this.readOnly = readOnly
    this.view = view
    this.keywords.add(keywords)
    this.highestModseq = highestModseq
    this.toldUpTo = upTo
    this.toldExpungesUpTo = upTo
    this.noticed = upTo
  }

  notice(modseq: Modseq): void {
    if (modseq > this.noticed) this.noticed = modseq
  }

  /** Rows that this session read itself: what is told behind them must not be older (answered-changes.ts). */
  noticeRows(rows: readonly Pick<MessageRow, 'modseq'>[]): void {
    for (const { modseq } of rows) this.notice(modseq)
  }

  /** Whether there may be something to tell. */
  isStale(expunges: boolean): boolean {
    return this.noticed > this.toldUpTo || (expunges && this.noticed > this.toldExpungesUpTo)
  }

  /** This session changed flags and its client knows what they are now. */
  ownFlags(modseq: Modseq): void {
    if (modseq <= this.toldUpTo) return
    this.notice(modseq)
    // Something else changed in the account between what was told and this.
    if (modseq !== this.toldUpTo + 1) {
      if (this.#own.size < OWN_CHANGES) this.#own.add(modseq)
    } else {
      if (this.toldExpungesUpTo === this.toldUpTo) this.toldExpungesUpTo = modseq
      this.toldUpTo = modseq
      this.highestModseq = modseq
    }
  }

  isOwn(modseq: Modseq): boolean {
    return this.#own.has(modseq)
  }

  /** Changes behind it were passed over, and are to be told. */
  untell(modseq: Modseq): void {
    if (modseq < this.toldUpTo) this.toldUpTo = modseq
  }

  /** All changes up to `modseq` were told, expunges too or not. */
  told(modseq: Modseq, expunges: boolean): void {
    this.toldUpTo = Math.max(this.toldUpTo, modseq)
    if (expunges) {
      this.toldExpungesUpTo = Math.max(this.toldExpungesUpTo, modseq)
      this.withholds = false
    }
    this.#own.clear()
  }
}
