/** What is kept of a message for those who ask later what became of it. Pure: from what the door knows to the store's row. */
import { isLocal } from '../../queue/address.ts'
import type {
  NewTrace,
  TraceAdded,
  TraceDirection,
  TraceFirstStep,
  TraceOrigin,
  TraceRecipient,
} from '../../store/types/trace.ts'
import type { AccountId, AccountRow, Delivery, NewQueueRecipient } from '../../store/types.ts'
import { decodedFieldText, fieldText, readHeader } from '../../wire/mime/header.ts'
import { parseMessageId } from '../../wire/mime/message-id.ts'
import type { IncomingMessage } from '../accept.ts'
import type { DeliveryPlan } from '../delivery-plan.ts'
import type { FilterVerdict } from '../filter.ts'
import * as limits from './limits.ts'

/** One message as the door has it when all is decided. */
export interface TracedPassage {
  id: string
  at: number
  message: IncomingMessage
  plan: DeliveryPlan
  filtered: ReadonlyMap<AccountId, { verdict: FilterVerdict; deliveries: readonly Delivery[] }>
  /** The sender's own copy. */
  sentCopy: Delivery | null
  /** Addresses of automatic copies. */
  copies: readonly string[]
}

const byService: TraceOrigin = {
  via: 'service',
  remoteAddress: null,
  helo: null,
  tls: null,
  credential: null,
  appPasswordId: null,
}

export function traceOf({ id, at, message, plan, filtered, sentCopy, copies }: TracedPassage): NewTrace {
  const recipients: TraceRecipient[] = []
  for (const [accountId, { account, recipient }] of plan.accounts) {
    const given = recipient.address.toLowerCase()
    const { address } = account
    const own = filtered.get(accountId)
    recipients.push({ address, via: given === address ? null : given, accountId, first: firstStep(own) })
  }
  let leaves = false
  for (const queued of plan.queue.values())
    for (const { address, destination } of queued.recipients.values()) {
      if (!isLocal(destination)) leaves = true
      const folded = address.toLowerCase()
      const via = plan.via.get(folded) ?? null
      recipients.push({
        address: folded,
        via: via === folded ? null : via,
        accountId: null,
        first: { kind: 'queued' },
      })
    }
  const { accountId, reversePath, bytes, origin = byService } = message
  const direction: TraceDirection = accountId === null && origin.via === 'smtp' ? 'in' : leaves ? 'out' : 'local'
  return {
    id,
    at,
    direction,
    accountId,
    ...factsOf(reversePath, bytes),
    origin,
    added: addedOf(sentCopy, copies),
    recipients,
  }
}

function addedOf(sentCopy: Delivery | null, copies: readonly string[]): TraceAdded | null {
  if (!sentCopy && copies.length === 0) return null
  return { sentCopy: sentCopy?.places[0]?.mailbox ?? null, copies: copies.map(address => address.toLowerCase()) }
}

/** Of what a rule of the account sends: a redirected message, an automatic reply. */
export function traceOfSent(sent: {
  id: string
  at: number
  account: Pick<AccountRow, 'accountId' | 'address'>
  reversePath: string
  bytes: Uint8Array
  recipients: readonly NewQueueRecipient[]
}): NewTrace {
  const { id, at, account, reversePath, bytes, recipients } = sent
  return {
    id,
    at,
    direction: recipients.every(({ destination }) => isLocal(destination)) ? 'local' : 'out',
    accountId: account.accountId,
    ...factsOf(reversePath, bytes),
    origin: { ...byService, via: 'rule', credential: account.address },
    recipients: recipients.map(({ address }) => queued(address)),
  }
}

/** Of a report of delivery that is made here. */
export function traceOfReport(report: {
  id: string
  at: number
  recipients: readonly Pick<NewQueueRecipient, 'address' | 'destination'>[]
  bytes: Uint8Array
}): NewTrace {
  const { id, at, recipients, bytes } = report
  return {
    id,
    at,
    direction: recipients.every(({ destination }) => isLocal(destination)) ? 'local' : 'out',
    accountId: null,
    ...factsOf('', bytes),
    origin: byService,
    recipients: recipients.map(({ address }) => queued(address)),
  }
}

function firstStep(own: { verdict: FilterVerdict; deliveries: readonly Delivery[] } | undefined): TraceFirstStep {
  if (!own) return { kind: 'discarded', rules: [] }
  const { verdict, deliveries } = own
  const { rules } = verdict
  if (verdict.refusal !== null)
    return {
      kind: 'refused',
      reason: 'refused-by-rule',
      answer: verdict.refusal.reason.slice(0, limits.ANSWER_CHARACTERS),
      count: 1,
      rules,
    }
  if (deliveries.length === 0) return { kind: 'discarded', rules }
  return { kind: 'stored', mailboxes: deliveries.flatMap(({ places }) => places.map(({ mailbox }) => mailbox)), rules }
}

const queued = (address: string): TraceRecipient => ({
  address: address.toLowerCase(),
  via: null,
  accountId: null,
  first: { kind: 'queued' },
})

function factsOf(
  reversePath: string,
  bytes: Uint8Array,
): Pick<NewTrace, 'reversePath' | 'sizeBytes' | 'messageId' | 'subject'> {
  const { fields } = readHeader(bytes.subarray(0, limits.EXAMINED_BYTES))
  const field = (name: string) => fields.find(each => each.name.toLowerCase() === name)
  const [messageId, subject] = [field('message-id'), field('subject')]
  return {
    reversePath: reversePath.toLowerCase(),
    sizeBytes: bytes.length,
    messageId: messageId ? parseMessageId(fieldText(bytes, messageId)).slice(0, limits.ID_CHARACTERS) : '',
    subject: subject ? decodedFieldText(bytes, subject).slice(0, limits.SUBJECT_CHARACTERS) : '',
  }
}
