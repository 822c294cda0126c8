/** Patterns of LIST (RFC 9051 §6.3.9): "*" stands for any characters, "%" for any but the hierarchy delimiter. */
import { HIERARCHY_DELIMITER } from '../../wire/imap/mailbox-name.ts'

export type NameMatcher = (name: string) => boolean

/** Matches a name in time proportional to its length and the pattern's, whatever the pattern. */
export function listPattern(reference: string, pattern: string): NameMatcher {
  // NFC as names are; INBOX is in any case (RFC 9051 §5.1).
  const canonical = (reference + pattern).normalize('NFC').replace(/^inbox(?=$|[/%*])/i, 'INBOX')
  const tokens = canonical.replace(/[*%]*\*[*%]*/g, '*').replace(/%+/g, '%')
  const literals = tokens.replace(/[*%]/g, '').length
  return name => {
    if (literals > name.length) return false
    if (literals === tokens.length) return name === tokens
    return matches(tokens, name)
  }
}

/** `reached[i]`: the name so far can be what the first `i` tokens stand for. */
function matches(tokens: string, name: string): boolean {
  let reached = new Uint8Array(tokens.length + 1)
  reached[0] = 1
  passWildcards(tokens, reached)
  for (const character of codeUnits(name)) {
    const next = new Uint8Array(tokens.length + 1)
    for (let i = 0; i < tokens.length; i++) {
      if (!reached[i]) continue
      const token = tokens[i]
      if (token === '*' || (token === '%' && character !== HIERARCHY_DELIMITER)) next[i] = 1
      else if (token === character) next[i + 1] = 1
    }
    passWildcards(tokens, next)
    reached = next
  }
  return reached[tokens.length] === 1
}

/** A wildcard may stand for nothing. */
function passWildcards(tokens: string, reached: Uint8Array): void {
  for (let i = 0; i < tokens.length; i++) if (reached[i] && (tokens[i] === '*' || tokens[i] === '%')) reached[i + 1] = 1
}

function* codeUnits(text: string): Generator<string> {
  for (let i = 0; i < text.length; i++) yield text[i]!
}
