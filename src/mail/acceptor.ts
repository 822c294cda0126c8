/**
 * The one door: who a message is for, one transaction for all of it, then the news of it.
 *
 * - Mail for accounts of this service goes into INBOX with its Return-Path; what leads elsewhere becomes queue rows without.
 * - `accept` resolves when all of it is durable. An account that has no room while others do is left to the queue, which
 *   tries again and in the end tells the sender.
 */
import { randomUUID } from 'node:crypto'
import { type Resolution, resolveAddress, resolveMailbox } from '../accounts/resolve.ts'
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import { refuse } from '../policy/inbound/verdict.ts'
import { asciiDomain, domainOf, LOCAL_DESTINATION, MAILBOX_DESTINATION } from '../queue/address.ts'
import type { ReportedRecipient, Reporter } from '../queue/report.ts'
import { type Operations, type Store, StoreError } from '../store/store.ts'
import type { AccountId, AccountRow, NewEmail, NewQueueMessage, NewQueueRecipient } from '../store/types.ts'
import { returnPathField } from '../wire/smtp/received.ts'
import type { Accepted, Door, EnvelopeRecipient, IncomingMessage, RecipientCheck } from './accept.ts'
import type { Changes } from './changes.ts'

export interface DoorOptions {
  store: Store
  /** Who receives what is for the postmaster of a domain that names none. */
  postmaster: string | null
  describeEmail: (bytes: Uint8Array) => Omit<NewEmail, 'blob'>
  changes: Changes
  /** Writes the reports of success that senders ask for (RFC 3461 §4.1). */
  reports: Pick<Reporter, 'compose'>
  wakeQueue: () => void
  clock: Clock
  log: Log
}

/** Where one message goes. */
interface Plan {
  /** Each account once, however many addresses lead to it, with the recipient that did first. */
  accounts: Map<AccountId, { account: AccountRow; recipient: EnvelopeRecipient }>
  /** By address, each once. */
  queue: Map<string, NewQueueRecipient>
  /** Recipients whose success is for this server to report, and how, once their accounts have the message. */
  success: { recipient: EnvelopeRecipient; action: 'delivered' | 'relayed'; accounts: AccountId[] }[]
}

type Outcome = Operations['message.accept']['result']

export function createDoor(options: DoorOptions): Door {
  return new Acceptor(options)
}

class Acceptor implements Door {
  readonly #options: DoorOptions

  constructor(options: DoorOptions) {
    this.#options = options
  }

  async checkRecipient(
    address: string,
    { declaredSize, relay, mailboxOnly = false }: { declaredSize: number; relay: boolean; mailboxOnly?: boolean },
  ): Promise<RecipientCheck> {
    const found = await this.#resolve(address, mailboxOnly)
    switch (found.kind) {
      case 'foreign':
        if (relay) return { ok: true, local: false }
        return { ok: false, refusal: refuse('relaying-denied', 550, '5.7.1', `<${address}>: Relaying denied`) }
      case 'unknown': {
        const text = `<${address}>: Recipient address rejected: User unknown`
        return { ok: false, refusal: refuse('user-unknown', 550, '5.1.1', text) }
      }
      case 'closed': {
        const text = `<${address}>: Mailbox disabled, not accepting messages`
        return { ok: false, refusal: refuse('mailbox-closed', 550, '5.2.1', text) }
      }
      case 'local':
        if (found.elsewhere.length > 0 || found.accounts.some(account => hasRoom(account, declaredSize)))
          return { ok: true, local: true }
        return { ok: false, refusal: refuse('mailbox-full', 452, '4.2.2', 'Mailbox full') }
    }
  }

  #resolve(address: string, mailboxOnly: boolean): Promise<Resolution> {
    const { store, postmaster } = this.#options
    return mailboxOnly ? resolveMailbox(store, address) : resolveAddress(store, address, { postmaster })
  }

  async accept(message: IncomingMessage): Promise<Accepted> {
    const { clock, wakeQueue } = this.#options
    const id = message.id ?? randomUUID()
    const at = clock.now()
    const plan = await this.#plan(message, at)
    const outcome = await this.#write(message, plan, at)
    for (const { accountId, modseq } of outcome.delivered) this.#options.changes.publish({ accountId, modseq })
    const queued = plan.queue.size
    if (queued > 0) wakeQueue()
    const delivered = outcome.delivered.map(({ accountId }) => accountId)
    await this.#reportSuccess(message, plan, new Set(delivered), id, at)
    return { id, delivered, queued, queueId: outcome.queueId }
  }

  /** Leaves accounts without room to the queue, as long as anyone else gets the message. */
  async #write(message: IncomingMessage, plan: Plan, at: number): Promise<Outcome> {
    const email = plan.accounts.size > 0 ? await this.#stageForInbox(message) : null
    for (;;) {
      const queue = plan.queue.size > 0 ? await this.#stageForQueue(message, [...plan.queue.values()]) : null
      const deliveries = [...plan.accounts.keys()].map(accountId => ({ accountId, mailbox: 'INBOX' }))
      const { settles } = message
      const args = { email: deliveries.length > 0 ? email : null, deliveries, queue, at, ...(settles && { settles }) }
      const outcome = await this.#options.store.write('message.accept', args)
      if (outcome.overQuota.length === 0) return outcome
      if (outcome.overQuota.length === plan.accounts.size && plan.queue.size === 0)
        throw new StoreError('over-quota', 'no recipient has room for the message')
      leaveToQueue(plan, outcome.overQuota, at)
    }
  }

  async #plan({ recipients, mailboxOnly = false }: IncomingMessage, at: number): Promise<Plan> {
    const plan: Plan = { accounts: new Map(), queue: new Map(), success: [] }
    const found = await Promise.all(recipients.map(({ address }) => this.#resolve(address, mailboxOnly)))
    for (const [i, recipient] of recipients.entries()) addToPlan(plan, recipient, found[i]!, at)
    return plan
  }

  async #stageForInbox(message: IncomingMessage): Promise<NewEmail> {
    // RFC 5321 §4.4: added at final delivery, above all else.
    const bytes = Buffer.concat([Buffer.from(returnPathField(message.reversePath)), message.bytes])
    const blob = await this.#options.store.blobs.stage(bytes)
    return { blob, ...this.#options.describeEmail(bytes) }
  }

  async #stageForQueue(message: IncomingMessage, recipients: NewQueueRecipient[]): Promise<NewQueueMessage> {
    const { reversePath, accountId, ret, envelopeId, smtpUtf8, eightBit, bytes } = message
    const blob = await this.#options.store.blobs.stage(bytes)
    const sizeBytes = bytes.length
    return { reversePath, blob, sizeBytes, accountId, ret, envelopeId, smtpUtf8, eightBit, recipients }
  }

  /** The message is safe by now: a report that fails is logged, and that is all. */
  async #reportSuccess(
    message: IncomingMessage,
    plan: Plan,
    delivered: ReadonlySet<AccountId>,
    id: string,
    at: number,
  ): Promise<void> {
    if (plan.success.length === 0 || message.reversePath === '') return
    const recipients = plan.success
      .filter(({ accounts }) => accounts.every(accountId => delivered.has(accountId)))
      .map(({ recipient, action }): ReportedRecipient => {
        const result = { at, status: '2.0.0', text: '250 2.0.0 Delivered', remoteHost: null, remoteAddress: null }
        return { ...recipient, action, result, retryUntil: null }
      })
    if (recipients.length === 0) return
    const { reports, store, wakeQueue, log } = this.#options
    try {
      for (const queue of await reports.compose({ ...message, createdAt: at }, recipients))
        await store.write('message.accept', { email: null, deliveries: [], queue, at })
      wakeQueue()
    } catch (error) {
      log.error({ id, err: error }, 'report of success not queued')
    }
  }
}

/** The queue tries again, and in the end tells the sender; what the account forwards has gone on by then. */
function leaveToQueue(plan: Plan, accountIds: readonly AccountId[], at: number): void {
  for (const accountId of accountIds) {
    const full = plan.accounts.get(accountId)
    plan.accounts.delete(accountId)
    if (!full) continue
    const { address } = full.account
    addToQueue(plan, { ...queueRecipient({ ...full.recipient, address }, at), destination: MAILBOX_DESTINATION })
  }
}

function addToPlan(plan: Plan, recipient: EnvelopeRecipient, found: Resolution, at: number): void {
  if (found.kind !== 'local') {
    // Gone or closed since RCPT: the queue says so to the sender.
    const destination = found.kind === 'foreign' ? undefined : LOCAL_DESTINATION
    addToQueue(plan, { ...queueRecipient(recipient, at), ...(destination && { destination }) })
    return
  }
  const wantsSuccess = recipient.notify?.includes('SUCCESS') ?? false
  const several = found.accounts.length + found.elsewhere.length > 1
  for (const account of found.accounts)
    if (!plan.accounts.has(account.accountId)) plan.accounts.set(account.accountId, { account, recipient })
  for (const address of found.elsewhere) {
    // RFC 3461 §5.2.7.2 and §5.2.7.3 (c): to one address all parameters go along; to several, success is reported here.
    const notify = several ? withoutSuccess(recipient.notify) : recipient.notify
    addToQueue(plan, queueRecipient({ ...recipient, address, notify }, at))
  }
  const accounts = found.accounts.map(({ accountId }) => accountId)
  if (wantsSuccess && (several || accounts.length === 1))
    plan.success.push({ recipient, action: found.elsewhere.length > 0 ? 'relayed' : 'delivered', accounts })
}

function addToQueue(plan: Plan, recipient: NewQueueRecipient): void {
  const key = recipient.address.toLowerCase()
  if (!plan.queue.has(key)) plan.queue.set(key, recipient)
}

function queueRecipient({ address, notify, originalRecipient }: EnvelopeRecipient, at: number): NewQueueRecipient {
  const destination = asciiDomain(domainOf(address)) || LOCAL_DESTINATION
  return { address, destination, notify, originalRecipient, nextAttemptAt: at }
}

function withoutSuccess(notify: EnvelopeRecipient['notify']): EnvelopeRecipient['notify'] {
  if (!notify?.includes('SUCCESS')) return notify
  const others = notify.filter(condition => condition !== 'SUCCESS')
  return others.length > 0 ? others : ['NEVER']
}

function hasRoom({ quotaBytes, usedBytes }: AccountRow, size: number): boolean {
  return quotaBytes === null || usedBytes + Math.max(size, 1) <= quotaBytes
}
