/**
 * What webhooks can be told, as one closed list: each event's name and what is sent of it. Names never change; members are
 * only ever added. docs/operate/webhooks.md describes them for receivers.
 *
 * What is sent is JSON: `{ "type": …, "timestamp": ISO 8601, "data": … }` (Standard Webhooks). Never a secret, never mail.
 */
import { randomBytes } from 'node:crypto'
import type { AnyOperation } from '../../store/store.ts'
import type { HoldReason } from '../../store/types/sending.ts'
import type {
  ExplanationClass,
  ExplanationLanguage,
  ExplanationText,
  WhoActs,
} from '../../wire/report/explanation/classes.ts'
import { WEBHOOK_RETRIED_MS } from './limits.ts'

/** A plan as it was agreed, in an event. */
export interface EventPlan {
  planId: string
  name: string
  storageBytes: number
  hourlyLimit: number | null
  /** In the currency's smallest unit. */
  monthlyPrice: number
  currency: string
}

/** Why mail does not arrive, in the words of the bounce. */
interface Explained {
  class: ExplanationClass
  whoActs: WhoActs
  retryUseful: boolean
  explanation: Record<ExplanationLanguage, ExplanationText>
}

/** What changed, as in the audit log: only the members that changed. */
interface Change {
  before: Readonly<Record<string, unknown>>
  after: Readonly<Record<string, unknown>>
}

interface OfMailbox {
  /** The mailbox, in lower case. */
  address: string
}

export interface WebhookEvents {
  'domain.added': { domain: string }
  'domain.changed': { domain: string } & Change
  'domain.removed': { domain: string }
  'mailbox.created': OfMailbox & { kind: 'personal' | 'shared'; planId: string | null; quotaBytes: number | null }
  /** Switches, quota, limits, forwards, members: whatever can be told of a mailbox but its plan. */
  'mailbox.changed': OfMailbox & Change
  /** Into the bin; `purgeAt`: when it is gone for good (ms since 1970), or null where it is gone at once. */
  'mailbox.removed': OfMailbox & { purgeAt: number | null }
  'mailbox.restored': OfMailbox
  /** Gone for good, with its mail. */
  'mailbox.purged': OfMailbox
  'quota.warning': OfMailbox & { usedBytes: number; quotaBytes: number; percent: number }
  /** null: no plan. */
  'plan.changed': OfMailbox & { before: EventPlan | null; after: EventPlan | null }
  /** Somebody asked for a plan that he can't choose himself. */
  'plan.requested': OfMailbox & { planId: string; message: string }
  'limit.exceeded': OfMailbox & { limit: 'mailbox' | 'domain'; hourlyLimit: number; blockedUntil: number }
  /** It sends as it never did: what it sends from now on waits for the staff. `count`: of what `reason` counts. */
  'sending.held': OfMailbox & { reason: HoldReason; count: number }
  /** What staff decided on what waited; where it was dropped, the mailbox is still held. */
  'sending.decided': OfMailbox & { decision: 'released' | 'dropped'; messages: number; recipients: number }
  'link.created': OfMailbox & { linkId: string; expiresAt: number }
  'link.revealed': OfMailbox & { linkId: string; remoteAddress: string }
  'password.changed': OfMailbox & { by: 'owner' | 'manager' | 'staff' | 'reset' | 'command-line' }
  /** Of a message that the mailbox sent: it will not reach this recipient. `queueId`: null for a refusal at the door. */
  'message.bounced': OfMailbox &
    Explained & {
      /** As told in the answer to the message, and in the panel; null where it is not known. */
      id: string | null
      queueId: number | null
      /** Without angle brackets; null where the message has none. */
      messageId: string | null
      envelopeId: string | null
      sender: string
      recipient: string
      /** Enhanced status code, and the answer, lines apart by "\n". */
      status: string
      answer: string
      /** null: the words are this service's. */
      remoteHost: string | null
    }
  /** While it was handed in, `count` times in some seconds. `recipient`: as it was given; null for a whole message. */
  'message.refused': OfMailbox &
    Explained & { sender: string; recipient: string | null; count: number; status: string; answer: string }
  /** Sent by "send a test" alone, to the webhook that is tested. */
  'webhook.test': { message: string }
}

export type WebhookEventName = keyof WebhookEvents

/** Every name has its line, so that none can be forgotten; false: can't be asked for. */
const names: Record<WebhookEventName, boolean> = {
  'domain.added': true,
  'domain.changed': true,
  'domain.removed': true,
  'mailbox.created': true,
  'mailbox.changed': true,
  'mailbox.removed': true,
  'mailbox.restored': true,
  'mailbox.purged': true,
  'quota.warning': true,
  'plan.changed': true,
  'plan.requested': true,
  'limit.exceeded': true,
  'sending.held': true,
  'sending.decided': true,
  'link.created': true,
  'link.revealed': true,
  'password.changed': true,
  'message.bounced': true,
  'message.refused': true,
  'webhook.test': false,
}

/** Those that a webhook can ask for. */
export const webhookEventNames: readonly WebhookEventName[] = (Object.keys(names) as WebhookEventName[]).filter(
  name => names[name],
)

/** `domain`: of what it tells; null for what concerns the whole service. */
export interface EventFacts<K extends WebhookEventName> {
  at: number
  domain: string | null
  data: WebhookEvents[K]
}

/** The event, to be committed with the change it tells of; sent soon after to whoever asked for it. */
export function webhookEvent<K extends WebhookEventName>(type: K, { at, domain, data }: EventFacts<K>): AnyOperation {
  return {
    operation: 'webhook.enqueue',
    args: {
      eventId: newEventId(),
      event: type,
      domain,
      payload: payloadOf(type, at, data),
      at,
      retryUntil: at + WEBHOOK_RETRIED_MS,
    },
  }
}

export const newEventId = (): string => `evt_${randomBytes(16).toString('hex')}`

export function payloadOf<K extends WebhookEventName>(type: K, at: number, data: WebhookEvents[K]): string {
  return JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })
}
