/** The kinds of reasons why a message does not arrive, as a person tells them apart: by what can be done about them. */

export const explanationClasses = [
  // The address.
  'unknown-user',
  'bad-address',
  'unknown-domain',
  'no-mail-server',
  'no-mail-accepted',
  'moved',
  // The mailbox behind it.
  'mailbox-full',
  'mailbox-closed',
  'recipient-busy',
  'recipient-refuses',
  'leads-too-far',
  'sent-on',
  // The message.
  'too-large',
  'too-many-recipients',
  'attachment-refused',
  'virus',
  'spam-content',
  'bad-form',
  'international-address',
  'international-header',
  // Who sends it, and what vouches for him.
  'sending-limit',
  'sending-held',
  'sender-not-allowed',
  'sender-rejected',
  'unauthenticated',
  'spf',
  'dkim',
  'dmarc',
  'domain-reputation',
  // This service, as the other one sees it.
  'blocklisted',
  'server-identity',
  'rate-limited',
  'greylisted',
  'policy',
  'relaying-denied',
  'tls-required',
  // The way there.
  'dns-failure',
  'unreachable',
  'connection-lost',
  'tls-failed',
  'server-trouble',
  'protocol-error',
  'loop',
  'expired',
  'local-trouble',
  'unknown',
] as const

export type ExplanationClass = (typeof explanationClasses)[number]

/**
 * Who can do something about it: the sender; the recipient, or whoever looks after his mail; who manages the sender's
 * domain; this service's staff; nobody, where waiting is all there is to do.
 */
export type WhoActs = 'sender' | 'recipient' | 'manager' | 'provider' | 'nobody'

export type ExplanationLanguage = 'fr' | 'en'

export interface ExplanationText {
  /** One sentence. */
  what: string
  why: string
  /** To the sender. */
  todo: string
}

/** What the texts name. */
export interface ExplanationFacts {
  /** The recipient's. */
  address: string
  domain: string
}

export interface ClassTexts {
  whoActs: WhoActs
  /** Whether the same message may well arrive when it is sent again later, unchanged. */
  retryUseful: boolean
  text: Record<ExplanationLanguage, (facts: ExplanationFacts) => ExplanationText>
  /** Instead of `todo`, while this service goes on trying; without one there is nothing to do. */
  waiting?: Record<ExplanationLanguage, string>
}
