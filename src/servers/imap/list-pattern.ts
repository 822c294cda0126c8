/** Patterns of LIST (RFC 9051 §6.3.9): "*" stands for any characters, "%" for any but the hierarchy delimiter. */
import { HIERARCHY_DELIMITER } from '../../wire/imap/mailbox-name.ts'

const STAR = '*'.charCodeAt(0)
const PERCENT = '%'.charCodeAt(0)
const DELIMITER = HIERARCHY_DELIMITER.charCodeAt(0)

export type NameMatcher = (name: string) => boolean

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

/**
 * Each wildcard stands for as little as it can. Where that fails, the last "%" takes one character more, up to the end of its
 * level; then the last "*" takes the rest of the level it stopped in: from another beginning there, what failed would come no
 * sooner. Wildcards before those never have to be looked at again.
 */
function matches(tokens: string, name: string): boolean {
  let [at, token] = [0, 0]
  /** Behind the last of each: the token, and where in the name it goes on. */
  let [star, starAt, percent, percentAt] = [-1, 0, -1, 0]
  while (at < name.length || token < tokens.length) {
    const wanted = tokens.charCodeAt(token)
    if (wanted === STAR) {
      star = ++token
      starAt = at
      percent = -1
    } else if (wanted === PERCENT) {
      percent = ++token
      percentAt = at
    } else if (wanted === name.charCodeAt(at)) {
      at++
      token++
    } else if (percent >= 0 && percentAt < name.length && name.charCodeAt(percentAt) !== DELIMITER) {
      at = ++percentAt
      token = percent
    } else if (star >= 0 && starAt < name.length) {
      // Nothing can come behind it, or what comes is the end of the name.
      starAt = percent < 0 ? starAt + 1 : name.indexOf(HIERARCHY_DELIMITER, starAt) + 1
      if (starAt === 0) return false
      at = starAt
      token = star
      percent = -1
    } else return false
  }
  return true
}
