import { packKeywords } from '../rows/keywords.ts'
import { recentUid } from '../rows/message.ts'
import { list, sql } from '../sql.ts'
import { type AnyOperation, type Operations, StoreError } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import type { NewTrace } from '../types/trace.ts'
import {
  type AccountId,
  type Delivery,
  Flag,
  type MailboxId,
  type Modseq,
  type RecipientStatus,
  type SpecialUse,
} from '../types.ts'
import { keepRows } from '../words.ts'
import { takeBlob } from './blob.ts'
import { insertEmail, insertMessage } from './email.ts'
import { emailIdOf } from './email-id.ts'
import { spellKeywords } from './keyword.ts'
import { createMissing, hasPlaceFor, hasUse, subscribe } from './mailbox.ts'
import { countArrival, takeRoom } from './mailbox-rows.ts'
import type { Operation } from './operation.ts'
import { insertQueueMessage } from './queue-message.ts'
import { settle } from './queue-settle.ts'
import { continueTrace, insertTrace, insertTraceEvent, newTraceId } from './rules/trace.ts'
import { findThread, joinThread, type KnownThread, threadOf } from './thread.ts'

type Delivered = Operations['message.accept']['result']['delivered'][number]
type Placed = Delivered & { name: string }

const ignore = (): void => {}

/** `perform` runs what commits with it. */
export function acceptMessage(
  perform: (tx: Transaction, request: AnyOperation) => Promise<unknown>,
): Operation<'message.accept'> {
  return async (tx, { deliveries: asked, queue, settles, also = [], trace, at }) => {
    // What is there already needs no room.
    const deliveries = await missing(tx, asked)
    const overQuota = deliveries.length > 1 ? await withoutRoom(tx, deliveries) : []
    if (overQuota.length > 0) return { delivered: [], overQuota, queueIds: [] }
    const blobs = new Map<string, number>()
    const delivered: Placed[] = []
    // Asked for ahead, so that nobody waits for it alone; what the queue hands over may need none.
    const ownTraceId = trace && !settles ? Promise.resolve(newTraceId(tx)) : null
    ownTraceId?.catch(ignore)
    for (const delivery of deliveries) {
      const { accountId, email, places, margin = 0 } = delivery
      // The one before may have brought it there.
      if (delivered.some(each => each.accountId === accountId) && (await isThere(tx, delivery))) continue
      const room = { bytes: email.sizeBytes * places.length, messages: places.length, emails: 1, margin }
      // Side by side, since none of them rests on the others.
      const [taken, thread] = await Promise.all([takeRoom(tx, accountId, room), findThread(tx, accountId, email.index)])
      // Only of a single delivery is it not known before: then nothing was done yet.
      if (!taken) return { delivered: [], overQuota: [accountId], queueIds: [] }
      const { hash } = email.blob
      const known = blobs.get(hash)
      const blobSeq = known === undefined ? takeBlob(tx, email.blob) : Promise.resolve(known)
      try {
        delivered.push(...(await deliver(tx, delivery, { blobSeq, thread, ...taken, at })))
      } finally {
        // Nothing of an operation goes on after it.
        await blobSeq.catch(ignore)
      }
      blobs.set(hash, await blobSeq)
    }
    const before = settles ? await settleQueued(tx, settles, at) : null
    const queueIds: number[] = []
    const own = trace ? placed(trace, delivered) : null
    const traced = own && (before === null ? own : await continued(tx, before, own))
    const traceId = traced ? await (ownTraceId ?? newTraceId(tx)) : null
    for (const message of queue) queueIds.push(await insertQueueMessage(tx, message, at, traceId))
    const shared = queueIds.filter((_, index) => !queue[index]?.trace)
    if (traced && traceId !== null) insertTrace(tx, { ...traced, traceId, queueIds: shared })
    for (const request of also) await perform(tx, request)
    return { delivered: delivered.map(({ name: _, ...each }) => each), overQuota: [], queueIds }
  }
}

async function isThere(tx: Transaction, { accountId, email, places, onceAmong }: Delivery): Promise<boolean> {
  const [place] = places
  if (onceAmong === undefined || !place || email.index.messageId === '') return false
  const mailboxId = await mailboxIdOf(tx, accountId, place.mailbox)
  if (mailboxId === null) return false
  const { messageId } = email.index
  return (await recentUid(tx, { accountId, mailboxId, messageId, among: onceAmong })) !== null
}

async function missing(tx: Transaction, deliveries: readonly Delivery[]): Promise<Delivery[]> {
  const wanted: Delivery[] = []
  for (const delivery of deliveries) if (!(await isThere(tx, delivery))) wanted.push(delivery)
  return wanted
}

async function withoutRoom(tx: Transaction, deliveries: readonly Delivery[]): Promise<AccountId[]> {
  const bytes = new Map<AccountId, number>()
  const margins = new Map<AccountId, number>()
  for (const { accountId, email, places, margin = 0 } of deliveries) {
    bytes.set(accountId, (bytes.get(accountId) ?? 0) + email.sizeBytes * places.length)
    margins.set(accountId, Math.min(margins.get(accountId) ?? margin, margin))
  }
  const accounts = await tx.all<[AccountId, number, number]>(sql`
    SELECT account_id, quota_bytes - used_bytes, notice_bytes FROM account
    WHERE account_id IN ${list([...bytes.keys()])} AND quota_bytes IS NOT NULL
    ORDER BY account_id`)
  const isFull = ([accountId, left, noticed]: [AccountId, number, number]): boolean => {
    const wanted = bytes.get(accountId) ?? 0
    return wanted > left && noticed + wanted > (margins.get(accountId) ?? 0)
  }
  return accounts.filter(isFull).map(([accountId]) => accountId)
}

interface Handed {
  recipient: string
  result: NonNullable<Operations['message.accept']['args']['settles']>['result']
  /** Of the trace it was queued with. */
  traceId: number
}

/** null: it has no trace. Whoever settled it before has delivered it, or an operator took it out of the queue. */
async function settleQueued(
  tx: Transaction,
  { recipientId, result }: NonNullable<Operations['message.accept']['args']['settles']>,
  at: number,
): Promise<Handed | null> {
  const recipient = await tx.get<[RecipientStatus, number | null, string]>(sql`
    SELECT r.status, q.trace_id, r.address FROM queue_recipient AS r JOIN queue_message AS q ON q.queue_id = r.queue_id
    WHERE r.recipient_id = ${recipientId} ${keepRows}`)
  if (recipient?.[0] !== 'queued') throw new StoreError('not-found', `recipient ${recipientId} is not queued`)
  const settled = { nextAttemptAt: at, result, delayNotified: false, countAttempt: true }
  // The trace tells where it was stored instead.
  await settle(tx, { results: [{ recipientId, status: 'delivered', ...settled }], reports: [], at }, false)
  const [, traceId, address] = recipient
  return traceId === null ? null : { recipient: address.toLowerCase(), result, traceId }
}

/** The trace with the mailboxes that took the message, which are not always those that a rule named. */
function placed(trace: NewTrace, delivered: readonly Placed[]): NewTrace {
  const names = new Map<AccountId, string[]>()
  for (const { accountId, name } of delivered) names.set(accountId, [...(names.get(accountId) ?? []), name])
  const recipients = trace.recipients.map(recipient => {
    const { accountId, first } = recipient
    if (first.kind !== 'stored' || accountId === null) return recipient
    // The sender's own copy comes behind.
    const mailboxes = names.get(accountId)?.slice(0, first.mailboxes.length) ?? first.mailboxes
    const moved = new Map(first.mailboxes.map((name, index) => [name, mailboxes[index] ?? name]))
    const rules = first.rules.map(rule =>
      rule.did === 'filed' ? { ...rule, what: moved.get(rule.what) ?? rule.what } : rule,
    )
    return { ...recipient, first: { ...first, mailboxes, rules } }
  })
  return { ...trace, recipients }
}

/** Writes the steps into the trace the message was queued with; what is queued anew is a trace of its own. */
async function continued(
  tx: Transaction,
  { recipient, result, traceId }: Handed,
  trace: NewTrace,
): Promise<NewTrace | null> {
  const isQueued = ({ first }: NewTrace['recipients'][number]): boolean => first.kind === 'queued'
  const settled = trace.recipients.filter(each => !isQueued(each))
  // An alias, or an address that only leads back to a sender: it waits no longer, and has no mailbox to be stored in.
  if (!settled.some(({ address }) => address === recipient)) {
    const { at, status, text: answer } = result
    await insertTraceEvent(tx, { traceId, at, recipient, kind: 'delivered', detail: { status, answer } })
  }
  await continueTrace(tx, traceId, { ...trace, recipients: settled })
  const recipients = trace.recipients.filter(isQueued)
  return recipients.length > 0 ? { ...trace, recipients } : null
}

interface Arrival {
  /** Under way. */
  blobSeq: Promise<number>
  thread: KnownThread
  modseq: Modseq
  firstEmail: number
  at: number
}

async function deliver(
  tx: Transaction,
  { accountId, email, places }: Delivery,
  { blobSeq, thread, modseq, firstEmail, at }: Arrival,
): Promise<Placed[]> {
  const emailId = emailIdOf(accountId, firstEmail)
  const { sizeBytes } = email
  const threadId = threadOf(thread, emailId)
  const delivered: Placed[] = []
  for (const { mailbox, flags, create = false, specialUse = null } of places) {
    const change = {
      messages: 1,
      unseen: flags.system & Flag.Seen ? 0 : 1,
      deleted: flags.system & Flag.Deleted ? 1 : 0,
      sizeBytes,
    }
    let name = mailbox
    let counted = await countArrival(tx, { accountId, name, modseq }, change)
    if (!counted) {
      name = await otherPlace(tx, { accountId, mailbox, create, specialUse, modseq, at })
      counted = await countArrival(tx, { accountId, name, modseq }, change)
    }
    if (!counted) throw new StoreError('damaged', `account ${accountId} has no ${name}`)
    const { mailboxId } = counted
    const uid = counted.uidNext - 1
    const keywords =
      flags.keywords.length > 0
        ? packKeywords(await spellKeywords(tx, accountId, mailboxId, flags.keywords, 'leave-out'))
        : ''
    insertMessage(tx, {
      accountId,
      mailboxId,
      uid,
      flags: flags.system,
      keywords,
      modseq,
      internalDate: at,
      saveDate: at,
      sizeBytes,
      emailId,
      threadId,
    })
    delivered.push({ accountId, mailboxId, uid, modseq, name })
  }
  joinThread(tx, { accountId, threadId }, thread)
  insertEmail(tx, { accountId, emailId, threadId, blobSeq: await blobSeq }, email)
  return delivered
}

/** A filter may name a mailbox that is gone, or one too many; the message must arrive all the same. */
async function otherPlace(
  tx: Transaction,
  place: {
    accountId: AccountId
    mailbox: string
    create: boolean
    specialUse: SpecialUse | null
    modseq: Modseq
    at: number
  },
): Promise<string> {
  const { accountId, mailbox, create, specialUse: wanted } = place
  if (create && (await hasPlaceFor(tx, accountId, mailbox))) {
    await subscribe(tx, accountId, mailbox)
    const specialUse = wanted !== null && (await hasUse(tx, accountId, wanted)) ? null : wanted
    await createMissing(tx, { ...place, name: mailbox, specialUse })
    return mailbox
  }
  return 'INBOX'
}

async function mailboxIdOf(tx: Transaction, accountId: AccountId, name: string): Promise<MailboxId | null> {
  const found = await tx.get<[MailboxId]>(sql`
    SELECT mailbox_id FROM mailbox WHERE account_id = ${accountId} AND name = ${name}`)
  return found?.[0] ?? null
}
