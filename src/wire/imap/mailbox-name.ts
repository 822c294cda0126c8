/** Mailbox names on the wire: modified UTF-7 (RFC 3501 §5.1.3), or UTF-8 once the client enabled it (RFC 6855 §3, RFC 9051 §5.1). */
import type { Decoder } from './decoder.ts'
import { decodeUtf7 } from './utf7.ts'

/** Between the levels of a name. */
export const HIERARCHY_DELIMITER = '/'

const inbox = /^inbox(?=$|\/)/i
// Net-Unicode (RFC 5198 §2) as RFC 9051 §5.1 asks: no control characters, which would also break lines of answers.
const controls = /[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]/

export function mailbox(decoder: Decoder, what = 'the mailbox name'): string {
  return foldInbox(decodeName(decoder, decoder.astringBytes(what), what))
}

/** A name with wildcards, for LIST and LSUB. */
export function listMailbox(decoder: Decoder, what: string): string {
  return foldInbox(decodeName(decoder, decoder.listMailboxBytes(what), what))
}

/** The reference of LIST: a mailbox name, or a prefix of one. */
export const reference = (decoder: Decoder): string => mailbox(decoder, 'the reference name')

function decodeName(decoder: Decoder, bytes: string, what: string): string {
  const name = decoder.utf8 ? decoder.decodeUtf8(bytes, what) : decodeUtf7(bytes)
  if (name === null) return decoder.refuse(`${what} is not valid modified UTF-7`, 'NO', 'CANNOT')
  if (controls.test(name)) return decoder.refuse(`${what} holds control characters`, 'NO', 'CANNOT')
  return name
}

/** INBOX is in any case the same mailbox (RFC 9051 §5.1), and so is the first level of what is below it. */
function foldInbox(name: string): string {
  return name.replace(inbox, 'INBOX')
}
