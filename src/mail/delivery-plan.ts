/** Where one message goes: which accounts keep it, what is queued for elsewhere, whose success is reported from here. */
import type { Resolution } from '../accounts/resolve.ts'
import {
  destinationElsewhere,
  isAscii,
  LOCAL_DESTINATION,
  lowerCaseDomain,
  MAILBOX_DESTINATION,
} from '../queue/address.ts'
import { originalOf } from '../queue/sent-on.ts'
import type { AccountId, AccountRow, NewQueueRecipient } from '../store/types.ts'
import { rewriteReversePath } from '../wire/smtp/srs.ts'
import type { EnvelopeRecipient } from './accept.ts'
import { LEAVING_BYTES, LEAVING_VERSIONS } from './limits.ts'

export interface DeliveryPlan {
  /** Each account once, however many addresses lead to it, with the recipient that did first. */
  accounts: Map<AccountId, { account: AccountRow; recipient: EnvelopeRecipient; isBack: boolean }>
  /** What is forwarded leaves under another reverse-path, and says where it has been. */
  queue: Map<string, Leaving>
  /** The address given by the sender, of each queued address (in lower case) that another led to. */
  via: Map<string, string>
  /** Recipients whose success is for this server to report, and how, once their accounts have the message. */
  success: { recipient: EnvelopeRecipient; action: 'delivered' | 'relayed' | 'expanded'; accounts: AccountId[] }[]
}

/** One version of the message as it leaves. */
export interface Leaving {
  reversePath: string
  /** The alias or account that sends it on, so that it is known when it comes back. */
  deliveredTo: string | null
  /** By address in lower case; of one reverse-path each once. */
  recipients: Map<string, NewQueueRecipient>
}

interface PlannedMessage {
  reversePath: string
  recipients: readonly EnvelopeRecipient[]
  /** Of who sends it from here: his reverse-path is of our domains. */
  accountId: AccountId | null
  smtpUtf8: boolean
  bytes: Uint8Array
}

interface Planning {
  plan: DeliveryPlan
  message: PlannedMessage
  at: number
  secret: Uint8Array
}

/** `found`: what became of each of the recipients. `secret`: signs the reverse-paths of what is forwarded. */
export function planDelivery(
  message: PlannedMessage,
  found: readonly Resolution[],
  { at, secret }: { at: number; secret: Uint8Array },
): DeliveryPlan {
  const plan: DeliveryPlan = { accounts: new Map(), queue: new Map(), via: new Map(), success: [] }
  for (const [i, recipient] of message.recipients.entries())
    addToPlan({ plan, message, at, secret }, recipient, found[i]!)
  return plan
}

/**
 * To whom an account sends, as its limits count: every address given, an alias or group as the addresses outside that it
 * leads to, each once. What a mailbox's forward leads to is its owner's doing, so the sender's own counts.
 */
export function countedRecipients(
  recipients: readonly EnvelopeRecipient[],
  found: readonly Resolution[],
): readonly string[] {
  const seen = new Set<string>()
  return recipients.flatMap(({ address }, i) => {
    const resolution = found[i]
    const expanded = resolution?.kind === 'local' ? resolution.expanded : []
    const others = expanded.filter(each => !seen.has(each.toLowerCase()))
    for (const each of others) seen.add(each.toLowerCase())
    return others.length > 0 ? others : [address]
  })
}

export function queuedBy({ queue }: DeliveryPlan): number {
  return [...queue.values()].reduce((sum, { recipients }) => sum + recipients.size, 0)
}

/** The queue tries again, and in the end tells the sender; what the account forwards has gone on by then. */
export function leaveToQueue(
  plan: DeliveryPlan,
  reversePath: string,
  accountIds: readonly AccountId[],
  at: number,
): void {
  for (const accountId of accountIds) {
    const full = plan.accounts.get(accountId)
    plan.accounts.delete(accountId)
    if (!full) continue
    const { address } = full.account
    // RFC 3461 §5.2.7.3 (c): of several, none reports its own success, which would name a member.
    const isOneOfSeveral = leaveOutOfSuccess(plan, accountId, full.recipient)
    const notify = isOneOfSeveral ? withoutSuccess(full.recipient.notify) : full.recipient.notify
    const recipient = queueRecipient({ ...full.recipient, address, notify }, at)
    addToQueue(plan, reversePath, { ...recipient, destination: MAILBOX_DESTINATION })
    plan.via.set(address, full.recipient.address.toLowerCase())
  }
}

/** What others of an alias have is no delivery to all of it any more; whether `recipient` is such an alias. */
function leaveOutOfSuccess({ success }: DeliveryPlan, accountId: AccountId, recipient: EnvelopeRecipient): boolean {
  let isOneOfSeveral = false
  for (const each of success) {
    const isSeveral = each.action === 'expanded' || each.accounts.length > 1
    if (!isSeveral || !each.accounts.includes(accountId)) continue
    each.accounts = each.accounts.filter(other => other !== accountId)
    each.action = 'expanded'
    isOneOfSeveral ||= each.recipient === recipient
  }
  return isOneOfSeveral
}

export function queueRecipient(
  { address, notify, originalRecipient }: EnvelopeRecipient,
  at: number,
): NewQueueRecipient {
  return { address, destination: destinationElsewhere(address), notify, originalRecipient, nextAttemptAt: at }
}

function addToPlan({ plan, message, at, secret }: Planning, recipient: EnvelopeRecipient, found: Resolution): void {
  if (found.kind !== 'local') {
    // Gone or closed since RCPT: the queue says so to the sender. The same where the recipients together lead too far: the
    // queue follows each by itself.
    const destination = found.kind === 'foreign' ? undefined : LOCAL_DESTINATION
    addToQueue(plan, message.reversePath, { ...queueRecipient(recipient, at), ...(destination && { destination }) })
    return
  }
  const wantsSuccess = recipient.notify?.includes('SUCCESS') ?? false
  // Signed, so only where something leaves under it. `postmaster` alone has no domain: then it is that of who sends it on.
  const forwardedAs = (holder: string | null): string => {
    const domain = lowerCaseDomain(recipient.address) || lowerCaseDomain(holder ?? '')
    if (message.accountId !== null || domain === '') return message.reversePath
    return rewriteReversePath(message.reversePath, domain, { secret, now: at })
  }
  // To where aliases of this service lead is known to those who use it; to where a mailbox sends its mail on, to its owner alone.
  const isToldOf = (address: string): boolean => message.accountId !== null && found.expanded.includes(address)
  const several = found.accounts.length + found.elsewhere.length > 1
  for (const account of found.accounts)
    if (!plan.accounts.has(account.accountId))
      plan.accounts.set(account.accountId, { account, recipient, isBack: found.isBack })
  for (const address of found.elsewhere) {
    // RFC 3461 §5.2.7.2 and §5.2.7.3 (c): to one address all parameters go along; to several, success is reported here. So it is
    // where the sender is not told of that address: the server that has it would name it.
    const isTold = isToldOf(address)
    const notify = several || !isTold ? withoutSuccess(recipient.notify) : recipient.notify
    const originalRecipient = recipient.originalRecipient ?? (isTold ? null : originalOf(recipient.address))
    const holder = found.through.get(address) ?? null
    // A field in UTF-8 would need servers that take such (RFC 6531 §3.1), for a message that does not.
    const isWritten = holder !== null && (message.smtpUtf8 || isAscii(holder)) && hasVersion(plan, message, holder)
    const deliveredTo = isWritten ? holder : null
    addToQueue(plan, forwardedAs(holder), queueRecipient({ address, notify, originalRecipient }, at), deliveredTo)
    plan.via.set(address.toLowerCase(), recipient.address.toLowerCase())
  }
  const accounts = found.accounts.map(({ accountId }) => accountId)
  if (!wantsSuccess) return
  // Not the last that may be heard of it (RFC 3464 §2.3.3): what leaves may still fail.
  if (several) plan.success.push({ recipient, action: found.elsewhere.length > 0 ? 'expanded' : 'delivered', accounts })
  else if (accounts.length === 1) plan.success.push({ recipient, action: 'delivered', accounts })
  else if (!found.elsewhere.every(isToldOf)) plan.success.push({ recipient, action: 'relayed', accounts })
}

function addToQueue(
  { queue }: DeliveryPlan,
  reversePath: string,
  recipient: NewQueueRecipient,
  deliveredTo: string | null = null,
): void {
  const address = recipient.address.toLowerCase()
  for (const other of queue.values()) if (other.reversePath === reversePath && other.recipients.has(address)) return
  const key = `${deliveredTo ?? ''}\0${reversePath}`
  const leaving = queue.get(key) ?? { reversePath, deliveredTo, recipients: new Map() }
  queue.set(key, leaving)
  leaving.recipients.set(address, recipient)
}

/**
 * Whether `holder` has a version of its own. The others share one without the field: another's name would tell who else got the
 * message. What comes back to one of them goes on once more, as the only version then, with the field.
 */
function hasVersion({ queue }: DeliveryPlan, { bytes }: PlannedMessage, holder: string): boolean {
  const holders = new Set([...queue.values()].map(({ deliveredTo }) => deliveredTo))
  if (holders.has(holder)) return true
  holders.delete(null)
  return holders.size === 0 || (holders.size < LEAVING_VERSIONS && (holders.size + 1) * bytes.length <= LEAVING_BYTES)
}

function withoutSuccess(notify: EnvelopeRecipient['notify']): EnvelopeRecipient['notify'] {
  if (!notify?.includes('SUCCESS')) return notify
  const others = notify.filter(condition => condition !== 'SUCCESS')
  return others.length > 0 ? others : ['NEVER']
}
