/** A message that went through too many servers goes in a circle (RFC 5321 §6.3). */
import { headerBudget, scanHeader } from '../../wire/mime/header.ts'
import { TRACE_OCTETS } from './limits.ts'
import type { InboundRule } from './rule.ts'
import { accepted, refuse } from './verdict.ts'

/** `maxReceived`: RFC 5321 §6.3 recommends 100; no mail that arrives has half of that. */
export function mailLoopRule(maxReceived: number): InboundRule {
  const loop = refuse('mail-loop', 554, '5.4.6', 'Too many Received fields: mail loop')
  return {
    name: 'mail-loop',
    data: ({ bytes }) => {
      const { fields } = scanHeader(bytes.subarray(0, TRACE_OCTETS), 0, headerBudget(), () => false)
      const received = fields.filter(({ name }) => name.toLowerCase() === 'received')
      return received.length > maxReceived ? loop : accepted
    },
  }
}
