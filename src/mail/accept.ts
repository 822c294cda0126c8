/**
 * The one door through which a message enters the service, whoever brings it: SMTP, submission, the queue's local
 * deliveries, the command line. Interface here; the implementation is in `acceptor.ts`.
 */
import type { Refusal } from '../policy/inbound/verdict.ts'
import type { TraceOrigin } from '../store/types/trace.ts'
import type { AccountId, AttemptResult, NotifyCondition } from '../store/types.ts'

export interface EnvelopeRecipient {
  /** As given in RCPT TO, validated. */
  address: string
  notify: NotifyCondition[] | null
  originalRecipient: string | null
}

export interface IncomingMessage {
  /** As in the Received field added to it; the door makes one where there is none. */
  id?: string
  /** Empty for the null reverse-path. */
  reversePath: string
  recipients: EnvelopeRecipient[]
  /**
   * With the header fields this service adds above the message (Return-Path for final delivery is added by the door itself).
   * The memory is the caller's again, to be used for another message, once `accept` resolves.
   */
  bytes: Uint8Array
  /** The account that submitted it; null for mail from elsewhere. */
  accountId: AccountId | null
  ret: 'FULL' | 'HDRS' | null
  envelopeId: string | null
  smtpUtf8: boolean
  eightBit: boolean
  /** The queue's recipient whose delivery this is: settled in the transaction that keeps the message. */
  settles?: { recipientId: number; result: AttemptResult }
  /** For the recipients' mailboxes alone: what they forward has gone on before (see `MAILBOX_DESTINATION`). */
  mailboxOnly?: boolean
  /** A notice of the service itself: a full mailbox takes some of them all the same (see `NOTICE_MARGIN_BYTES`). */
  notice?: boolean
  /** How it came, for the trace; the service itself made it where nothing is said. */
  origin?: TraceOrigin
}

export interface Accepted {
  /** The id told to the client and found in the log. */
  id: string
  delivered: AccountId[]
  queued: number
  /** The queue's own name for it, where recipients were queued. */
  queueId: number | null
}

/** `refusal`: why an address can't be delivered to, in SMTP's terms. */
export type RecipientCheck = { ok: true; local: boolean } | { ok: false; refusal: Refusal }

/** A rule of the only recipient refuses the message (RFC 5429); nothing of it was kept. */
export class DeliveryRefused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.text)
    this.name = 'DeliveryRefused'
    this.refusal = refusal
  }
}

export interface Door {
  /**
   * Asked at RCPT TO. `declaredSize` is MAIL's SIZE or 0; `relay`: whether this client may send to other domains;
   * `mailboxOnly` as of a message.
   */
  checkRecipient(
    address: string,
    options: { declaredSize: number; relay: boolean; mailboxOnly?: boolean },
  ): Promise<RecipientCheck>
  /**
   * Resolves when the message is durable. Rejects with StoreError: `over-quota` when no recipient has room,
   * `over-limit` when the account may not send to so many now, `unavailable` when it can't be stored now,
   * `not-found` when what it settles is no longer to be delivered. Rejects with DeliveryRefused.
   */
  accept(message: IncomingMessage): Promise<Accepted>
}
