/**
 * The one door: who a message is for, what their rules make of it, one transaction for all of it, then the news of it.
 *
 * - Mail for accounts of this service goes where their filters say, with its Return-Path; what leads elsewhere becomes queue
 *   rows without.
 * - `accept` resolves when all of it is durable. An account that has no room while others do is left to the queue, which
 *   tries again and in the end tells the sender.
 */
import { randomUUID } from 'node:crypto'
import {
  followedRoom,
  type Resolution,
  type ResolveOptions,
  resolveAddress,
  resolveMailbox,
} from '../accounts/resolve.ts'
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import { refuse } from '../policy/inbound/verdict.ts'
import { bounceEvents } from '../queue/bounce-events.ts'
import { isReported } from '../queue/decision.ts'
import { destinationOf } from '../queue/destination.ts'
import type { ReportedRecipient, Reporter } from '../queue/report.ts'
import { type AnyOperation, type Operations, type Store, StoreError } from '../store/store.ts'
import type { AccountId, AccountRow, Delivery, NewEmail, NewQueueMessage, NewQueueRecipient } from '../store/types.ts'
import { withFieldOnTop } from '../wire/mime/headroom.ts'
import { returnPathField } from '../wire/smtp/received.ts'
import { originalReversePath } from '../wire/smtp/srs.ts'
import { type Accepted, DeliveryRefused, type Door, type IncomingMessage, type RecipientCheck } from './accept.ts'
import type { Changes } from './changes.ts'
import { sentOnBefore, sentOnBy } from './delivered-to.ts'
import {
  countedRecipients,
  type DeliveryPlan,
  leaveToQueue,
  planDelivery,
  queuedBy,
  queueRecipient,
} from './delivery-plan.ts'
import {
  type ChargesSending,
  type Filter,
  type FilterVerdict,
  keptInInbox,
  type Outgoing,
  type PreparedMessage,
  type SentByRule,
} from './filter.ts'
import { ACCEPT_TRIES, RETURNED_LOOKED_AT } from './limits.ts'
import { NOTICE_BYTES, NOTICE_MARGIN_BYTES } from './notices/limits.ts'
import { isSaidInAnswer, refusalOf, refusedRecipient } from './refusal-by-rule.ts'
import { traceOf, traceOfSent } from './trace/compose.ts'

export interface DoorOptions {
  store: Store
  /** Who receives what is for the postmaster of a domain that names none. */
  postmaster: string | null
  describeEmail: (bytes: Uint8Array) => Promise<Omit<NewEmail, 'blob'>>
  changes: Changes
  /** Signs the reverse-paths of what is forwarded, so that it leaves under a domain of ours. */
  forwardingKey: Uint8Array
  /** null: everything goes into INBOX. */
  filter: Filter | null
  /** null: what accounts send goes as it is. */
  outgoing: Outgoing | null
  /** Told of each message whose trace was written; null: no traces are kept. */
  traces: { written(): void } | null
  /** null: accounts send as much as they like. */
  sendingLimits: ChargesSending | null
  /** Writes the reports of success that senders ask for (RFC 3461 §4.1), and those of what rules refuse. */
  reports: Pick<Reporter, 'compose'>
  wakeQueue: () => void
  clock: Clock
  log: Log
}

type Outcome = Operations['message.accept']['result']

/** What one account's rules made of the message, ready to be written. */
interface Filtered {
  verdict: FilterVerdict
  /** One for each version of the message; none where it is kept nowhere. */
  deliveries: Delivery[]
  sends: NewQueueMessage[]
  /** What rules remember, and what is told of a refusal. */
  also: AnyOperation[]
}

/** One message on its way through. */
interface Passage {
  id: string
  at: number
  message: IncomingMessage
  plan: DeliveryPlan
  /** Counts its recipients, where an account sends it. */
  charge: AnyOperation[]
  /** Those it counts. */
  counted: readonly string[]
  filtered: Map<AccountId, Filtered>
  /** The sender's own copy; null where there is none, or no room for it. */
  sentCopy: Delivery | null
  /** Addresses of automatic copies. */
  copies: string[]
}

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
      case 'too-far': {
        this.#options.log.warn({ address }, 'address leads to more than is followed')
        // RFC 3463 §3.3: a list that can't be expanded. It stays so until somebody mends it, so its senders are told at once.
        const text = `<${address}>: Leads to too many addresses, or through too many aliases`
        return { ok: false, refusal: refuse('leads-too-far', 550, '5.2.4', text) }
      }
      case 'local':
        if (found.elsewhere.length > 0 || found.accounts.some(account => hasRoom(account, declaredSize)))
          return { ok: true, local: true }
        return { ok: false, refusal: refuse('mailbox-full', 452, '4.2.2', 'Mailbox full') }
    }
  }

  #resolve(
    address: string,
    mailboxOnly: boolean,
    along: Pick<ResolveOptions, 'room' | 'submitter' | 'wasAt'> = {},
  ): Promise<Resolution> {
    const { store, postmaster, clock, forwardingKey: secret } = this.#options
    if (mailboxOnly) return resolveMailbox(store, address)
    const senderOf = (rewritten: string): string | null => originalReversePath(rewritten, { secret, now: clock.now() })
    return resolveAddress(store, address, { postmaster, senderOf, ...along })
  }

  async accept(incoming: IncomingMessage): Promise<Accepted> {
    const id = incoming.id ?? randomUUID()
    let remembers = true
    for (let tries = 1; ; tries++) {
      try {
        return await this.#pass({ ...incoming, id }, remembers)
      } catch (error) {
        if (!(error instanceof StoreError) || tries === ACCEPT_TRIES) throw error
        // Of two messages that a rule would treat alike, such as to answer their sender, the other was first: ask it again. And
        // what was unusual is to be held by now.
        if (error.code !== 'unusual' && error.code !== 'conflict') throw error
        if (error.code === 'conflict' && tries === ACCEPT_TRIES - 1) {
          // The message counts for more than what its rules remember.
          remembers = false
          this.#options.log.error({ id, err: error }, 'what rules remember is left out')
        }
      }
    }
  }

  async #pass(incoming: IncomingMessage & { id: string }, remembers: boolean): Promise<Accepted> {
    const passage = await this.#begin(incoming)
    const { id, plan } = passage
    await this.#filter(passage, remembers)
    const outcome = await this.#charged(passage)
    this.#publish(outcome)
    this.#options.traces?.written()
    if (outcome.queueIds.length > 0) this.#options.wakeQueue()
    await this.#reportSuccess(passage)
    const delivered = [...passage.filtered]
      .filter(([, { deliveries }]) => deliveries.length > 0)
      .map(([account]) => account)
    return { id, delivered, queued: queuedBy(plan), queueId: outcome.queueIds[0] ?? null }
  }

  async #begin(incoming: IncomingMessage & { id: string }): Promise<Passage> {
    const { outgoing, sendingLimits, clock } = this.#options
    const at = clock.now()
    const { accountId } = incoming
    // What the queue hands over was prepared when it was submitted.
    const isSubmitted = accountId !== null && incoming.settles === undefined
    const prepared: PreparedMessage =
      outgoing && isSubmitted ? await outgoing.prepare(accountId, incoming) : { message: incoming, sentCopy: null }
    const { message, sentCopy } = prepared
    const { recipients, mailboxOnly = false, origin } = message
    const submitter = isSubmitted ? accountId : null
    const along = { room: followedRoom(), submitter, wasAt: sentOnBefore(message.bytes) }
    const found = await Promise.all(recipients.map(({ address }) => this.#resolve(address, mailboxOnly, along)))
    const plan = planDelivery(message, found, { at, secret: this.#options.forwardingKey })
    const counted = sendingLimits && isSubmitted ? countedRecipients(recipients, found) : []
    const charge =
      sendingLimits && isSubmitted
        ? await sendingLimits.charge({ accountId, remoteAddress: origin?.remoteAddress ?? null }, counted.length, at)
        : null
    if (charge?.isHeld) {
      leaveToQueue(plan, message.reversePath, [...plan.accounts.keys()], at)
      // It may be dropped: nobody is told of an alias yet that it had it.
      plan.success = []
    }
    return {
      id: incoming.id,
      at,
      message,
      plan,
      charge: charge?.operations ?? [],
      counted,
      filtered: new Map(),
      copies: message.recipients.slice(incoming.recipients.length).map(({ address }) => address),
      sentCopy:
        sentCopy && accountId !== null
          ? {
              accountId,
              email: await this.#stage(sentCopy.bytes),
              places: sentCopy.places,
              onceAmong: sentCopy.onceAmong,
            }
          : null,
    }
  }

  async #filter({ id, at, message, plan, filtered }: Passage, remembers: boolean): Promise<void> {
    if (plan.accounts.size === 0) return
    // RFC 5321 §4.4: added at final delivery, above all else.
    const bytes = withFieldOnTop(returnPathField(message.reversePath), message.bytes)
    let asItCame: NewEmail | null = null
    // What the queue hands over is told by the id it was queued with.
    const traceId = message.settles ? null : id
    for (const [accountId, { account, recipient, isBack }] of plan.accounts) {
      const verdict = await this.#verdictOf(account, { message, recipient: recipient.address, bytes, at })
      const isOnly = plan.accounts.size === 1 && plan.queue.size === 0
      if (verdict.refusal !== null && isOnly && isSaidInAnswer(verdict.refusal, message, recipient))
        throw new DeliveryRefused(refusalOf(verdict.refusal.reason))
      const deliveries: Delivery[] = []
      for (const [version, places] of Map.groupBy(verdict.places, place => place.bytes)) {
        const email = version ? await this.#stage(version) : (asItCame ??= await this.#stage(bytes))
        const isNotice = message.notice === true && email.sizeBytes <= NOTICE_BYTES
        const filed = places.map(({ bytes: _, ...place }) => place)
        deliveries.push({
          accountId,
          email,
          places: filed,
          ...(isNotice && { margin: NOTICE_MARGIN_BYTES }),
          ...(isBack && { onceAmong: RETURNED_LOOKED_AT }),
        })
      }
      const sends: NewQueueMessage[] = []
      const also: AnyOperation[] = []
      const { memories } = verdict
      if (remembers && memories.length > 0)
        also.push({ operation: 'ruleMemory.add', args: { accountId, memories, at } })
      for (const sent of verdict.sends) sends.push(await this.#stageSent(sent, account, at))
      if (verdict.refusal !== null) {
        const refused = refusedRecipient(recipient, verdict.refusal.reason, at)
        if (isReported('failed', message.reversePath, recipient.notify))
          sends.push(...(await this.#options.reports.compose({ ...message, createdAt: at, traceId }, [refused])))
        also.push(...(await bounceEvents(this.#options.store, { ...message, queueId: null, traceId }, [refused], at)))
      }
      if (verdict.sends.length > 0) this.#options.log.info({ id, accountId, sends: sends.length }, 'sent by rule')
      filtered.set(accountId, { verdict, deliveries, sends, also })
    }
  }

  async #verdictOf(account: AccountRow, arrival: Parameters<Filter['filter']>[1]): Promise<FilterVerdict> {
    return (await this.#options.filter?.filter(account, arrival)) ?? keptInInbox
  }

  async #charged(passage: Passage): Promise<Outcome> {
    const { sendingLimits } = this.#options
    const { accountId, origin } = passage.message
    if (!sendingLimits || accountId === null || passage.charge.length === 0) return this.#write(passage)
    try {
      const outcome = await this.#write(passage)
      sendingLimits.charged()
      return outcome
    } catch (error) {
      if (error instanceof StoreError && error.code === 'over-limit')
        await sendingLimits.refused(accountId, passage.counted)
      if (error instanceof StoreError && error.code === 'unusual')
        await sendingLimits.hold({ accountId, remoteAddress: origin?.remoteAddress ?? null }, passage.counted)
      throw error
    }
  }

  /** Leaves accounts without room to the queue, as long as anyone else gets the message. */
  async #write(passage: Passage): Promise<Outcome> {
    const { message, plan, charge, filtered, at } = passage
    // By who sends it on: staged once, however often it is tried and under however many reverse-paths it leaves.
    const versions = new Map<string | null, NewQueueMessage>()
    for (;;) {
      const own = [...filtered.values()]
      const deliveries = own.flatMap(each => each.deliveries)
      const queue = own.flatMap(({ sends }) => sends)
      const also: AnyOperation[] = [...charge, ...own.flatMap(each => each.also)]
      if (passage.sentCopy) deliveries.push(passage.sentCopy)
      for (const { reversePath, deliveredTo, recipients } of plan.queue.values()) {
        let version = versions.get(deliveredTo)
        version ??= await this.#stageForQueue({ ...message, bytes: sentOnBy(deliveredTo, message.bytes) }, [])
        versions.set(deliveredTo, version)
        queue.unshift({ ...version, reversePath, recipients: [...recipients.values()] })
      }
      const { settles } = message
      const trace = this.#options.traces && traceOf(passage)
      const args = { deliveries, queue, also, at, ...(settles && { settles }), ...(trace && { trace }) }
      const outcome = await this.#options.store.write('message.accept', args)
      if (outcome.overQuota.length === 0) return outcome
      if (passage.sentCopy && outcome.overQuota.includes(passage.sentCopy.accountId)) {
        // Better sent without a copy than not sent.
        this.#options.log.warn(
          { id: passage.id, accountId: passage.sentCopy.accountId },
          'no room for the copy in Sent',
        )
        passage.sentCopy = null
        continue
      }
      if (outcome.overQuota.length === plan.accounts.size && plan.queue.size === 0)
        throw new StoreError('over-quota', 'no recipient has room for the message')
      leaveToQueue(plan, message.reversePath, outcome.overQuota, at)
      for (const accountId of outcome.overQuota) filtered.delete(accountId)
    }
  }

  #publish({ delivered }: Outcome): void {
    const modseqs = new Map(delivered.map(({ accountId, modseq }) => [accountId, modseq]))
    for (const [accountId, modseq] of modseqs) this.#options.changes.publish({ accountId, modseq })
  }

  async #stage(bytes: Uint8Array): Promise<NewEmail> {
    const blob = await this.#options.store.blobs.stage(bytes)
    return { blob, ...(await this.#options.describeEmail(bytes)) }
  }

  async #stageForQueue(message: IncomingMessage, recipients: NewQueueRecipient[]): Promise<NewQueueMessage> {
    const { reversePath, accountId, ret, envelopeId, smtpUtf8, eightBit, bytes } = message
    const blob = await this.#options.store.blobs.stage(bytes)
    const sizeBytes = bytes.length
    return { reversePath, blob, sizeBytes, accountId, ret, envelopeId, smtpUtf8, eightBit, recipients }
  }

  async #stageSent(byRule: SentByRule, account: AccountRow, at: number): Promise<NewQueueMessage> {
    const { recipients, originalRecipient, ...sent } = byRule
    const message = { ...sent, recipients: [], accountId: null, ret: null, envelopeId: null }
    const rows: NewQueueRecipient[] = []
    for (const address of recipients) {
      const row = queueRecipient({ address, notify: null, originalRecipient }, at)
      rows.push({ ...row, destination: await destinationOf(this.#options.store, address) })
    }
    const staged = await this.#stageForQueue(message, rows)
    return this.#options.traces
      ? { ...staged, trace: traceOfSent({ ...sent, recipients: rows, id: randomUUID(), account, at }) }
      : staged
  }

  /** The message is safe by now: a report that fails is logged, and that is all. */
  async #reportSuccess({ id, at, message, plan, filtered }: Passage): Promise<void> {
    if (plan.success.length === 0 || message.reversePath === '') return
    const took = (accountId: AccountId): boolean => filtered.get(accountId)?.verdict.refusal === null
    const recipients = plan.success
      .filter(({ accounts }) => accounts.every(took))
      .map(({ recipient, action }): ReportedRecipient => {
        const result = { at, status: '2.0.0', text: '250 2.0.0 Delivered', remoteHost: null, remoteAddress: null }
        return { ...recipient, action, result, nextAttempt: null, retryUntil: null }
      })
    if (recipients.length === 0) return
    const { reports, store, wakeQueue, log } = this.#options
    try {
      const queue = await reports.compose(
        { ...message, createdAt: at, traceId: message.settles ? null : id },
        recipients,
      )
      await store.write('message.accept', { deliveries: [], queue, at })
      wakeQueue()
    } catch (error) {
      log.error({ id, err: error }, 'report of success not queued')
    }
  }
}

function hasRoom({ quotaBytes, usedBytes }: AccountRow, size: number): boolean {
  return quotaBytes === null || usedBytes + Math.max(size, 1) <= quotaBytes
}
