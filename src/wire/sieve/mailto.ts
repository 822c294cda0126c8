/** What a mailto URI says (RFC 6068, and RFC 2368, by which RFC 5436 goes), of that what a notification may take (RFC 5436 §2.7). */
import { addressOf } from './address-syntax.ts'
import { MAILTO_LENGTH, REDIRECTS } from './limits.ts'

export interface Mailto {
  to: string[]
  cc: string[]
  bcc: string[]
  subject: string | null
  body: string | null
  /** Further header fields, names as written. */
  fields: { name: string; value: string }[]
}

/** What we write ourselves, what decides about routes and trust, and what describes another body than ours: passed over. */
const OWN_FIELDS =
  /^(?:from|sender|reply-to|return-path|date|message-id|received|auto-submitted|resent-.*|content-.*|mime-version|dkim-.*|arc-.*|authentication-results|references|in-reply-to|list-.*|errors-to|disposition-.*|precedence|x-auto-.*)$/

/** null where it is no such URI, or names nobody. */
export function parseMailto(uri: string): Mailto | null {
  const match = /^mailto:([^?#]*)(?:\?([^#]*))?$/i.exec(uri)
  if (match === null || uri.length > MAILTO_LENGTH) return null
  const mail: Mailto = { to: [], cc: [], bcc: [], subject: null, body: null, fields: [] }
  if (!addAddresses(mail.to, decode(match[1] ?? ''))) return null
  for (const pair of (match[2] ?? '').split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = equals < 0 ? null : decode(pair.slice(0, equals))
    const value = equals < 0 ? null : decode(pair.slice(equals + 1))
    if (name === null || value === null || !/^[!-9;-~]+$/.test(name)) return null
    if (!addField(mail, name, value)) return null
  }
  const count = mail.to.length + mail.cc.length + mail.bcc.length
  return count === 0 || count > REDIRECTS ? null : mail
}

function addField(mail: Mailto, name: string, value: string): boolean {
  switch (name.toLowerCase()) {
    case 'to':
      return addAddresses(mail.to, value)
    case 'cc':
      return addAddresses(mail.cc, value)
    case 'bcc':
      return addAddresses(mail.bcc, value)
    case 'subject':
      mail.subject ??= oneLine(value)
      return true
    case 'body':
      mail.body ??= value.replace(/\r\n|\r|\n/g, '\r\n')
      return true
    default:
      if (!OWN_FIELDS.test(name.toLowerCase())) mail.fields.push({ name, value: oneLine(value) })
      return true
  }
}

/**
 * Commas between addresses are encoded (RFC 2368 §2) or not (RFC 6068 §2); one inside an address stands between quotes in either,
 * so they are looked for in what was decoded.
 */
function addAddresses(list: string[], text: string | null): boolean {
  if (text === '') return true
  for (const part of text === null ? [''] : partsOf(text)) {
    const address = addressOf(part.trim())
    if (address === null) return false
    if (!list.includes(address)) list.push(address)
  }
  return true
}

/** What stands between the commas outside of quotes. */
function partsOf(text: string): string[] {
  const parts: string[] = []
  let [from, isQuoted] = [0, false]
  for (let at = 0; at < text.length; at++) {
    if (isQuoted && text[at] === '\\') at++
    else if (text[at] === '"') isQuoted = !isQuoted
    else if (text[at] === ',' && !isQuoted) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, text.slice(from)]
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function oneLine(text: string): string {
  return text.replace(/[\x00-\x1f\x7f]+/g, ' ').trim()
}
