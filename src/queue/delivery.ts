/** What a delivery is given and what it tells: the words between scheduler, deliverers and settling. */
import type { AttemptResult, LeasedRecipient, QueueMessageRow } from '../store/types.ts'

/** Recipients of one message that share a destination: one transaction, where the server takes them. */
export interface Batch {
  message: QueueMessageRow
  destination: string
  recipients: LeasedRecipient[]
  /** When the first of their leases ends. */
  leaseUntil: number
}

/**
 * `stopped`: this side broke off before anything was decided; it doesn't count as an attempt. `held-too-long`: it waited for a
 * look by the staff until its time was over.
 */
export type OutcomeKind = 'delivered' | 'temporary' | 'permanent' | 'stopped' | 'held-too-long'

export interface RecipientOutcome {
  recipient: LeasedRecipient
  kind: OutcomeKind
  result: AttemptResult
  /** Whether NOTIFY went along to a server that honours it, so that success is its to report (RFC 3461 §5.2.1). */
  notifyPassedOn: boolean
  /** Version and cipher, as "TLSv1.3 TLS_AES_256_GCM_SHA384"; null for a plain connection or none. */
  tls: string | null
  /** Whether the delivery itself wrote that it is settled (a mailbox of this store): nothing is left to write. */
  settled: boolean
}

export interface DeliveryOutcome {
  recipients: RecipientOutcome[]
  /** No server of the destination let this delivery in: none could be reached, or those that could refused to talk. */
  unreachable: boolean
}

/** Delivers one batch. Never rejects for what a remote server or the network does. */
export interface Deliverer {
  deliver(batch: Batch, body: Uint8Array, signal: AbortSignal): Promise<DeliveryOutcome>
}
