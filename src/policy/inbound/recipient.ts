/** Whether a recipient is one of ours and has room; the answer comes from the door, which knows accounts and aliases. */
import type { InboundRule, RcptFacts } from './rule.ts'
import type { Verdict } from './verdict.ts'

export function recipientRule(check: (recipient: string, facts: RcptFacts) => Promise<Verdict>): InboundRule {
  return { name: 'recipient', rcpt: facts => check(facts.recipient, facts) }
}
