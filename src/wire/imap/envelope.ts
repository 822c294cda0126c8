/**
 * ENVELOPE as it goes on the wire (RFC 9051 §7.5.2), made once when a message arrives. It is ASCII in quoted strings alone,
 * so that it can be sent to any client in any mode: raw 8-bit text of a header becomes encoded words,
 * that of a host A-labels.
 */
import { domainToASCII } from 'node:url'
import { encodeWords } from '../mime/encoded-word.ts'
import type { MessageHeader } from '../mime/message-header.ts'
import type { Address, AddressEntry } from '../mime/types.ts'

export function formatEnvelope(header: MessageHeader): string {
  const from = addressList(header.from)
  // "If the Sender or Reply-To header fields are absent …, or are present but empty", they are the same as From.
  const sender = header.sender.length === 0 ? from : addressList(header.sender)
  const replyTo = header.replyTo.length === 0 ? from : addressList(header.replyTo)
  return `(${nstring(header.date)} ${nstring(header.subject)} ${from} ${sender} ${replyTo} ${addressList(header.to)} ${addressList(header.cc)} ${addressList(header.bcc)} ${nstring(header.inReplyTo)} ${nstring(header.messageId)})`
}

function addressList(entries: readonly AddressEntry[]): string {
  if (entries.length === 0) return 'NIL'
  const pieces = ['(']
  for (const entry of entries) {
    if ('group' in entry) {
      // A host of NIL marks the start of a group, a mailbox of NIL with it the end.
      pieces.push(`(NIL NIL ${nstring(entry.group)} NIL)`)
      for (const member of entry.members) pieces.push(address(member))
      pieces.push('(NIL NIL NIL NIL)')
    } else pieces.push(address(entry))
  }
  pieces.push(')')
  // Put together by "+", it would take twelve times its length until somebody reads it.
  return pieces.join('')
}

/** A missing host is the empty string, since NIL would mean a group. */
function address({ rawName, route, mailbox, host }: Address): string {
  return `(${nstring(rawName)} ${nstring(asciiRoute(route))} ${nstring(mailbox)} ${nstring(asciiHost(host))})`
}

/** In A-labels, since no encoded word may stand in an address (RFC 2047 §5); as it is where it can't be written so. */
function asciiHost(host: string): string {
  return /[^\x00-\x7f]/.test(host) ? domainToASCII(host) || host : host
}

function asciiRoute(route: string | undefined): string | null {
  if (route === undefined) return null
  return route.replace(/[^@,]+/g, asciiHost)
}

export function nstring(text: string | null): string {
  return text === null ? 'NIL' : quoted(text)
}

/** A quoted string of any text: 8-bit text as encoded words, CR, LF and NUL (RFC 9051 §9, TEXT-CHAR) left out. */
export function quoted(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`
  const clean = text.replace(/[\0\r\n]/g, '')
  const ascii = /[^\x00-\x7f]/.test(clean) ? encodeWords(clean, { keepEncodedWords: true }) : clean
  return `"${ascii.replace(/[\\"]/g, '\\$&')}"`
}
