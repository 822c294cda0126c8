/** What is told of a refusal by rule (RFC 5429): in the answer to the message, or in a report. */
import { type Refusal, refuse } from '../policy/inbound/verdict.ts'
import { isReported } from '../queue/decision.ts'
import type { ReportedRecipient } from '../queue/report.ts'
import type { EnvelopeRecipient, IncomingMessage } from './accept.ts'
import type { RuleRefusal } from './filter.ts'

export function refusedRecipient(
  { address, originalRecipient }: EnvelopeRecipient,
  reason: string,
  at: number,
): ReportedRecipient {
  const { code, status, text } = refusalOf(reason)
  const result = {
    at,
    status,
    text: `${code} ${status} ${text.replaceAll('\n', ' ')}`,
    remoteHost: null,
    remoteAddress: null,
  }
  return { address, originalRecipient, action: 'failed', result, nextAttempt: null, retryUntil: null }
}

/**
 * An answer of SMTP is ASCII unless the client said SMTPUTF8: a reason that has to keep its letters goes by report instead
 * (RFC 5429 §2.2), if there is anyone who wants it.
 */
export function isSaidInAnswer(
  { reason, isExact }: RuleRefusal,
  { smtpUtf8, reversePath }: IncomingMessage,
  { notify }: EnvelopeRecipient,
): boolean {
  return !isExact || smtpUtf8 || !isReported('failed', reversePath, notify) || !/[^\x00-\x7f]/.test(reason)
}

/** Its lines are those of the answer (RFC 5429 §2.5), as many as an answer has. */
export function refusalOf(reason: string): Refusal {
  const lines = reason.split(/\r\n|\r|\n/).map(line => line.replace(/[\s\x00-\x1f\x7f]+/g, ' ').trim())
  return refuse('refused-by-rule', 550, '5.7.1', lines.filter(line => line !== '').join('\n'))
}
