/**
 * What a session that said NOTIFY is told between its commands (RFC 5465). Others have none of this.
 *
 * - Nothing waits to be sent: what changed is read when it can be told, since what was told last. A client that doesn't read
 *   holds up its session alone, and is told what became of it all once it reads again.
 * - Changes of the account up to `#upTo` were told; those behind it up to `#ownUpTo` are the session's own, which its client
 *   knows of (RFC 5465 §5). So a change is looked for only where one beyond was heard of.
 */
import { Breather } from '../../mail/breather.ts'
import { StoreError } from '../../store/store.ts'
import type { MailboxRow, Modseq, Uid, UidRange } from '../../store/types.ts'
import type { NotifyGroup } from '../../wire/imap/command.ts'
import { list } from '../../wire/imap/responses.ts'
import type { ImapContext } from './context.ts'
import { Interests, type OfSelected } from './interests.ts'
import { NOTIFIED_MAILBOXES } from './limits.ts'
import type { SelectedMailbox } from './selected.ts'
import { statusResponse } from './status.ts'
import { type Told, type ToldTo, WatchedMailboxes } from './watched-mailboxes.ts'

export class Notifications {
  readonly selected: OfSelected
  /** The first new message of the selected mailbox of which the client has not got what it asked for. */
  untoldFrom: Uid | null = null
  /** Changes of flags behind it were passed over in the selected mailbox. */
  flagsUntoldSince: Modseq | null = null
  /** Messages that the client put into the selected mailbox itself, and was not told of yet. */
  readonly ownMessages: UidRange[] = []
  #watched: WatchedMailboxes | null = null
  #upTo: Modseq = 0
  #ownUpTo: Modseq = 0
  #noticed: Modseq = 0
  /** The client changed names or subscriptions since what was told last: what it made of them is looked at before others change it. */
  #ownNames = false
  #unsubscribe: (() => void) | null = null

  private constructor(selected: OfSelected) {
    this.selected = selected
  }

  /** NOTIFY NONE. */
  static none(): Notifications {
    return new Notifications(new Interests([]).selected)
  }

  /** `heard`: something changed. Null where there is more to watch than can be. */
  static async open(
    { accountId, services: { changes, mailboxes } }: ImapContext,
    groups: readonly NotifyGroup[],
    heard: () => void,
  ): Promise<Notifications | null> {
    const interests = new Interests(groups)
    const opened = new Notifications(interests.selected)
    if (interests.any === 0) return opened
    // Before anything is read, so that no change falls between.
    opened.#unsubscribe = changes.subscribe(accountId, ({ modseq }) => {
      if (modseq <= opened.#noticed) return
      opened.#noticed = modseq
      if (opened.isPending) heard()
    })
    try {
      const account = await mailboxes.account(accountId)
      if (!account) throw new StoreError('not-found', 'The account is gone')
      opened.#watched = new WatchedMailboxes(interests, await mailboxes.list(accountId))
      opened.#upTo = opened.#ownUpTo = account.modseq
      if (opened.#watched.size <= NOTIFIED_MAILBOXES) return opened
    } catch (error) {
      opened.close()
      throw error
    }
    opened.close()
    return null
  }

  close(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = null
    this.#watched = null
  }

  /** Whether something changed that the client may not know of. */
  get isPending(): boolean {
    return this.#watched !== null && (this.#ownNames || this.#noticed > this.#ownUpTo || this.#watched.hasLeft)
  }

  /** The client changed that itself. Where others changed something before, which was not told yet, both are told. */
  own(modseq: Modseq): void {
    if (modseq === this.#ownUpTo + 1) this.#ownUpTo = modseq
  }

  ownNames(modseq: Modseq): void {
    this.own(modseq)
    this.#ownNames = true
  }

  ownDeletion({ mailboxId, name }: Pick<MailboxRow, 'mailboxId' | 'name'>): void {
    this.#watched?.forget(mailboxId, name)
  }

  /** The client put them into the mailbox it has selected. */
  ownNew(uids: readonly Uid[]): void {
    if (this.selected.items.length === 0) return
    for (const uid of uids) {
      const last = this.ownMessages.at(-1)
      if (last?.to === uid - 1) last.to = uid
      else this.ownMessages.push({ from: uid, to: uid })
    }
  }

  noteNew(uid: Uid): void {
    if (this.selected.items.length > 0) this.untoldFrom ??= uid
  }

  newTold(): void {
    this.untoldFrom = null
    this.ownMessages.length = 0
  }

  /** Another mailbox is selected, or none. Of the one that was, the client may know less than what was looked at meanwhile. */
  unselected(left: SelectedMailbox | null): void {
    this.newTold()
    this.flagsUntoldSince = null
    if (!left || !(left.withholds || left.isStale(false))) return
    const { mailboxId, view } = left
    this.#watched?.leave({ mailboxId, messages: view.count, uidNext: view.lastUid + 1 })
  }

  /** RFC 5465 §3.1: where NOTIFY SET asks for STATUS. */
  tellStates(context: ImapContext): Promise<void> {
    return write(context, this.#watched?.states(toldTo(context)) ?? [])
  }

  /** Tells of the mailboxes that are not selected; `look`: also where no change was heard of. False where they are too many now. */
  async tell(context: ImapContext, look: boolean): Promise<boolean> {
    const watched = this.#watched
    if (!watched || !(look || this.isPending)) return true
    const noticed = this.#noticed
    const { accountId } = context
    const { mailboxes } = context.services
    const { mailboxes: count, changed } = await mailboxes.changedSince(accountId, { since: this.#upTo, noticed }, look)
    const isAll = watched.misses(count, changed)
    const rows = isAll ? await mailboxes.list(accountId) : changed
    const isOwn = this.#ownUpTo > this.#upTo
    const told = watched.update({ rows, isAll, ownUpTo: this.#ownUpTo, isOwn }, toldTo(context))
    this.#ownNames = false
    // All changes up to the newest that a mailbox shows were there to be read.
    for (const { highestModseq } of changed) this.#upTo = Math.max(this.#upTo, highestModseq)
    this.#upTo = Math.max(this.#upTo, noticed)
    this.#ownUpTo = Math.max(this.#ownUpTo, this.#upTo)
    if (watched.size > NOTIFIED_MAILBOXES) return false
    await write(context, told)
    return true
  }
}

const toldTo = ({ selected, enabled }: ImapContext): ToldTo => ({
  selected: selected?.mailboxId ?? null,
  condstore: enabled.condstore,
})

async function write(context: ImapContext, told: readonly Told[]): Promise<void> {
  const { output, utf8 } = context
  const breather = new Breather()
  for (const each of told) {
    if ('list' in each) output.text(list(each.list, utf8))
    else output.text(await statusResponse(context, each.status, each.items))
    await output.drain()
    await breather.pause()
  }
}
