/** What a rule says of a client, an envelope or a message: accepted, or refused with a reason and the answer to give. */
import type { Reply } from '../../wire/smtp/reply.ts'

/** The closed list of reasons; logs and traces hold these, not texts. */
export type ReasonCode =
  | 'relaying-denied'
  | 'user-unknown'
  | 'mailbox-closed'
  | 'leads-too-far'
  | 'refused-by-rule'
  | 'mailbox-full'
  | 'message-too-big'
  | 'bare-line-end'
  | 'nul-octet'
  | 'mail-loop'
  | 'sender-not-owned'
  | 'sending-off'
  | 'over-limit'
  | 'header-wrong'
  | 'storage-unavailable'

export interface Refusal extends Reply {
  accept: false
  reason: ReasonCode
}

export type Verdict = { accept: true } | Refusal

export const accepted: Verdict = { accept: true }

export const refuse = (reason: ReasonCode, code: number, status: string, text: string): Refusal => ({
  accept: false,
  reason,
  code,
  status,
  text,
})
