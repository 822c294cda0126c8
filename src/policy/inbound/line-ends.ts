/**
 * Text is lines that end with CR LF, and nothing else (RFC 5321 §2.3.8). Servers that disagree about a CR or LF alone can
 * be made to see two messages where others saw one (SMTP smuggling), so such a message is refused, never repaired.
 * NUL has no place in text either (RFC 5321 §4.5.2, RFC 5322 §4) and can't be given to IMAP clients (RFC 9051 §4.3).
 */
import type { InboundRule } from './rule.ts'
import { accepted, refuse } from './verdict.ts'

const bare = refuse('bare-line-end', 550, '5.6.11', 'Bare <CR> or <LF> in the message; lines end with <CR><LF>')
const nul = refuse('nul-octet', 550, '5.6.0', 'NUL in the message')

export const lineEndsRule: InboundRule = {
  name: 'line-ends',
  data: ({ content }) => (content.bareLineEnd ? bare : content.nul ? nul : accepted),
}
