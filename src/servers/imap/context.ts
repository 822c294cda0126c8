/** What commands act on: who is there, what is selected and enabled, and the way to answer. */

import type { Authenticator, MailSignedIn, OpenSignIn, SignInOver } from '../../accounts/authentication.ts'
import type { Changes } from '../../mail/changes.ts'
import type { Run } from '../../mail/mailbox-view.ts'
import type { Mailboxes } from '../../mail/mailboxes.ts'
import type { Messages } from '../../mail/messages.ts'
import type { SentCopies } from '../../mail/rules/sent-copies.ts'
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import type { AccountId, MailboxId, Modseq, Uid } from '../../store/types.ts'
import type { NotifyGroup, Receiver, SequenceSet } from '../../wire/imap/command.ts'
import { type PlainResponseCode, untagged } from '../../wire/imap/status-response.ts'
import type { Activity } from '../activity.ts'
import type { Connection } from '../connection.ts'
import type { MessageBudget, MessageShare } from '../message-budget.ts'
import { ConnectionClosed } from '../outgoing.ts'
import { bad, type Completion, type State } from './command.ts'
import { Refusal } from './errors.ts'
import type { FaultLog } from './fault-log.ts'
import { EVERYTHING, type OfSelected } from './interests.ts'
import { AUTHENTICATED_IDLE_MS } from './limits.ts'
import { tellNewMessages } from './new-messages.ts'
import { Notifications } from './notifications.ts'
import { Output } from './output.ts'
import type { SelectedMailbox } from './selected.ts'

export interface ImapSettings {
  /** Bytes of one APPEND. */
  appendLimit: number
  /** Whether passwords may come without TLS. */
  plainTextAllowed: boolean
  hostname: string
  /** What ID tells (RFC 2971). */
  version: string
}

export interface ImapDependencies {
  authenticator: Authenticator
  mailboxes: Mailboxes
  messages: Messages
  sentCopies: Pick<SentCopies, 'once'>
  changes: Changes
  clock: Clock
  log: Log
  settings: ImapSettings
  activity?: Activity
  /** Shared by all sessions. */
  budget: MessageBudget
  faults: FaultLog
}

/** What ENABLE and its like switched on for the connection (RFC 5161, RFC 7162 §3.1, RFC 6855 §3, RFC 9051 §6.3.1, RFC 9586). */
export interface Enabled {
  condstore: boolean
  qresync: boolean
  utf8Accept: boolean
  rev2: boolean
  uidOnly: boolean
}

const nothingEnabled: Enabled = { condstore: false, qresync: false, utf8Accept: false, rev2: false, uidOnly: false }

/** What the session is told of. */
export interface SessionEvents {
  /** The selected mailbox changed while the client idles. */
  change(): void
  /** The sign-in counts no longer. */
  over(): void
  /** The client took its sign-in back. */
  signedOut(): void
}

export interface SignedIn {
  accountId: AccountId
  address: string
}

/** Ends IDLE or continues AUTHENTICATE. Resolves with null where yet another line is to come. */
export type LineHandler = (line: Uint8Array) => Promise<Completion | null>

export class ImapContext {
  readonly connection: Connection
  readonly services: ImapDependencies
  readonly receiver: Receiver
  readonly output: Output
  readonly enabled: Enabled = { ...nothingEnabled }
  account: SignedIn | null = null
  failedSignIns = 0
  /** As the client called itself in ID (RFC 2971); empty where it did not. */
  clientName = ''
  compressed = false
  /** The client sent a LIST of RFC 5258's form. */
  listedExtended = false
  /** The client said LOGOUT or was thrown out: nothing more is read. */
  ending = false
  /** What the tagged OK asks for once it is written: TLS or DEFLATE. */
  afterCompletion: (() => Promise<void> | void) | null = null
  /** Takes the next line, where one is awaited. */
  lineHandler: LineHandler | null = null
  /** Between IDLE's "+" and DONE. */
  idling = false
  /** Since the client first said NOTIFY. */
  notify: Notifications | null = null
  /** An idling client is still to be told of what was missed before, even without a notice of it. */
  looks = false
  #connected: AbortController | null = null
  #closed = false
  #selected: SelectedMailbox | null = null
  #unsubscribe: (() => void) | null = null
  readonly #on: SessionEvents
  #open: OpenSignIn | null = null
  #share: MessageShare | null = null

  constructor(connection: Connection, services: ImapDependencies, receiver: Receiver, on: SessionEvents) {
    this.connection = connection
    this.services = services
    this.receiver = receiver
    this.output = new Output(connection)
    this.#on = on
  }

  get state(): State {
    if (!this.account) return 'not-authenticated'
    return this.#selected ? 'selected' : 'authenticated'
  }

  get selected(): SelectedMailbox | null {
    return this.#selected
  }

  /** The account of a command that is allowed only after sign-in. */
  get accountId(): AccountId {
    if (!this.account) throw new Refusal(bad('Sign in first'))
    return this.account.accountId
  }

  /** The mailbox of a command that is allowed only in the selected state. */
  get mailbox(): SelectedMailbox {
    if (!this.#selected) throw new Refusal(bad('Select a mailbox first'))
    return this.#selected
  }

  /** Whether mailbox names and strings go out as UTF-8 (RFC 6855 §3, RFC 9051 §5.1). */
  get utf8(): boolean {
    return this.enabled.utf8Accept || this.enabled.rev2
  }

  /** Whether it understands what only an extended LIST answer has: others must not be sent any (RFC 5258 §3). */
  get knowsExtendedList(): boolean {
    return this.enabled.rev2 || this.listedExtended
  }

  /** Aborted once the connection is gone: long work that writes nothing meanwhile asks it. */
  get whileConnected(): AbortSignal {
    this.#connected ??= new AbortController()
    if (this.#closed) this.#connected.abort(new ConnectionClosed())
    return this.#connected.signal
  }

  /**
   * What the command at hand holds of messages: one that is coming in, or those that go out. A command whose connection is gone
   * ends here: what it took now would be held for ever.
   */
  get share(): MessageShare {
    if (this.#closed) throw new ConnectionClosed()
    return (this.#share ??= this.services.budget.open(this.accountId))
  }

  /** The command is over, and holds nothing any more. */
  releaseShare(): void {
    this.#share?.release()
    this.#share = null
  }

  /** The connection is gone. */
  close(): void {
    this.#closed = true
    this.ending = true
    this.releaseShare()
    this.unselect()
    this.notify?.close()
    this.#open?.end()
    this.#connected?.abort(new ConnectionClosed())
  }

  /** Why the sign-in counts no longer; null while it does. */
  get over(): SignInOver | null {
    return this.#open?.over ?? null
  }

  signIn({ account: { accountId, address }, follow }: MailSignedIn): void {
    this.account = { accountId, address }
    // The client left while its password was verified.
    if (!this.#closed) this.#open = follow(this.#on.over)
    this.receiver.setAuthenticated()
    this.connection.setIdleTimeout(AUTHENTICATED_IDLE_MS)
  }

  /** As if nobody had been there; how often a password was wrong on this connection still counts (RFC 8437 §3). */
  signOut(): void {
    const { id: connection, remoteAddress: remote } = this.connection
    this.services.log.info({ connection, remote, user: this.account?.address ?? null }, 'imap user signed out')
    this.unselect()
    this.notify?.close()
    this.notify = null
    this.releaseShare()
    this.#open?.end()
    this.#open = null
    this.account = null
    Object.assign(this.enabled, nothingEnabled)
    this.listedExtended = false
    this.looks = false
    this.receiver.setUnauthenticated()
    this.#on.signedOut()
  }

  /** Selects what `read` opens. Changes are listened to from before it reads, so that none falls between. */
  async select<Opened extends { selected: SelectedMailbox }>(
    accountId: AccountId,
    read: () => Promise<Opened>,
  ): Promise<Opened> {
    this.unselect()
    let heard = 0
    let selected: SelectedMailbox | null = null
    this.#unsubscribe = this.services.changes.subscribe(accountId, ({ modseq }) => {
      heard = Math.max(heard, modseq)
      selected?.notice(modseq)
      if (this.idling || this.notify?.selected.messages) this.#on.change()
    })
    try {
      const opened = await read()
      selected = opened.selected
      selected.notice(heard)
      this.#selected = selected
      return opened
    } catch (error) {
      this.unselect()
      throw error
    }
  }

  /** From now on changes are told as they come; what came before is told at once. */
  beginIdling(): void {
    this.idling = true
    this.looks = true
    if (this.hasUntold) this.#on.change()
  }

  /** Whether there may be something that a client which may be told of it now was not told of. */
  get hasUntold(): boolean {
    return this.#hasUntoldOfSelected || this.notify?.isPending === true
  }

  get #hasUntoldOfSelected(): boolean {
    const selected = this.#selected
    if (!selected || selected.gone) return false
    if (!this.notify) return this.looks || selected.isStale(true)
    const { messages, expungesAtOnce } = this.notify.selected
    if (!messages) return false
    const isToBeTold = this.idling ? this.looks || selected.isStale(true) : selected.isStale(expungesAtOnce)
    return isToBeTold || this.notify.untoldFrom !== null
  }

  /** What the client is told of the selected mailbox. */
  get ofSelected(): OfSelected {
    return this.notify?.selected ?? EVERYTHING
  }

  /** From now on; of null it is told nothing. */
  async setNotify(groups: readonly NotifyGroup[] | null): Promise<boolean> {
    const next = groups ? await Notifications.open(this, groups, () => this.#on.change()) : Notifications.none()
    if (!next) return false
    try {
      // What was watched before is told up to what is watched now.
      if (groups) await this.notify?.tell(this, true)
      if (this.#closed) throw new ConnectionClosed()
    } catch (error) {
      next.close()
      throw error
    }
    const flagsUntoldSince = this.notify?.flagsUntoldSince ?? null
    this.notify?.close()
    if (flagsUntoldSince !== null && next.selected.flags) this.#selected?.untell(flagsUntoldSince)
    else next.flagsUntoldSince = flagsUntoldSince
    this.notify = next
    return true
  }

  /** What NOTIFY asks for beside the changes of the selected mailbox; `look`: also where no change was heard of. */
  async tellNotified(look: boolean): Promise<void> {
    const { notify } = this
    if (!notify) return
    if ((await tellNewMessages(this)) && (await notify.tell(this, look))) return
    // RFC 5465 §5.8: then it is as if the client had said NOTIFY NONE.
    this.output.text(untagged('OK', 'Too much changed to tell of it', 'NOTIFICATIONOVERFLOW'))
    await this.setNotify(null)
  }

  /** RFC 5465 §5: the client is not told of what it did itself. `uids`: of messages that are new in the mailbox. */
  own(modseq: Modseq, into?: MailboxId, uids: readonly Uid[] = []): void {
    this.notify?.own(modseq)
    if (into !== undefined && into === this.#selected?.mailboxId) this.notify?.ownNew(uids)
  }

  /** The same of names and subscriptions. */
  ownNames(modseq: Modseq): void {
    this.notify?.ownNames(modseq)
  }

  unselect(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = null
    this.notify?.unselected(this.#selected)
    this.#selected = null
  }

  /** RFC 7162 §3.1: each CONDSTORE enabling command tells the mod-sequence of a mailbox selected before. */
  enableCondstore(): void {
    if (this.enabled.condstore) return
    this.enabled.condstore = true
    if (this.#selected)
      this.output.text(
        untagged('OK', 'Highest mod-sequence', { code: 'HIGHESTMODSEQ', value: this.#selected.highestModseq }),
      )
  }

  /** Says goodbye; after the answer at hand the connection ends. */
  end(reason: string, code?: PlainResponseCode): void {
    this.output.text(untagged('BYE', reason, code))
    this.ending = true
  }

  expectLine(handler: LineHandler): void {
    this.lineHandler = handler
    this.receiver.expectLine()
  }

  /** The messages that a client's set names; "$" is the saved result (RFC 5182 §2.1). */
  resolve(set: SequenceSet, byUid: boolean): Run[] {
    const { view, saved } = this.mailbox
    return set === '$' ? view.runsOfRanges(saved) : view.resolve(set, byUid)
  }
}
