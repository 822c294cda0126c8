/** message/delivery-status (RFC 3464 §2) and message/global-delivery-status (RFC 6533 §4.1). Pure. */

export type Action = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded'

export interface DeliveryStatus {
  /** Host name of the server that reports. */
  reportingMta: string
  arrivalDate: number
  /** Decoded from xtext; null where none was given. */
  envelopeId: string | null
  /** By which this server told of the message when it took it; null where it didn't. */
  traceId?: string | null
  recipients: RecipientStatus[]
}

export interface RecipientStatus {
  address: string
  /** `type;address`, decoded; null where none was given. */
  originalRecipient: string | null
  action: Action
  /** Enhanced status code. */
  status: string
  /** Host name of the server that answered; null where the words are this server's. */
  remoteMta: string | null
  /** The answer, or this server's words; lines apart by "\n". */
  diagnostic: string | null
  lastAttempt: number | null
  /** For `delayed`: when it is tried next; told to the person alone. */
  nextAttempt: number | null
  /** For `delayed`. */
  retryUntil: number | null
}

/** RFC 5322 §3.3, in UTC. */
export const formatDate = (at: number): string => new Date(at).toUTCString().replace('GMT', '+0000')

const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text)

/** `utf8`: fields may hold UTF-8 (the global form); else all is ASCII, addresses in the 7-bit form of RFC 6533 §3. */
export function encodeDeliveryStatus(report: DeliveryStatus, utf8: boolean): string {
  const message = [
    field('Reporting-MTA', `dns; ${report.reportingMta}`),
    ...(report.envelopeId === null ? [] : [field('Original-Envelope-Id', ascii(report.envelopeId, utf8))]),
    field('Arrival-Date', formatDate(report.arrivalDate)),
    ...(report.traceId == null ? [] : [field('X-Facteur-Id', report.traceId)]),
  ]
  const recipients = report.recipients.map(recipient => recipientFields(recipient, utf8).join(''))
  return [message.join(''), ...recipients].join('\r\n')
}

function recipientFields(recipient: RecipientStatus, utf8: boolean): string[] {
  const { originalRecipient, remoteMta, diagnostic, lastAttempt, retryUntil } = recipient
  const fields: string[] = []
  if (originalRecipient !== null) {
    const semicolon = originalRecipient.indexOf(';')
    const type = semicolon < 0 ? 'rfc822' : originalRecipient.slice(0, semicolon)
    fields.push(field('Original-Recipient', typedAddress(type, originalRecipient.slice(semicolon + 1), utf8)))
  }
  fields.push(field('Final-Recipient', typedAddress('rfc822', recipient.address, utf8)))
  fields.push(field('Action', recipient.action))
  fields.push(field('Status', recipient.status))
  if (remoteMta !== null) fields.push(field('Remote-MTA', `dns; ${remoteMta}`))
  if (diagnostic !== null)
    fields.push(field('Diagnostic-Code', `${isAnswer(recipient) ? 'smtp' : 'x-facteur'}; ${ascii(diagnostic, utf8)}`))
  if (lastAttempt !== null) fields.push(field('Last-Attempt-Date', formatDate(lastAttempt)))
  if (retryUntil !== null) fields.push(field('Will-Retry-Until', formatDate(retryUntil)))
  return fields
}

/** Whether the diagnostic is a remote server's reply (RFC 3464 §2.3.6, the type smtp), not this server's words. */
export function isAnswer({ remoteMta, diagnostic }: RecipientStatus): boolean {
  return remoteMta !== null && /^\d{3}(?:[ -]|$)/.test(diagnostic ?? '')
}

function typedAddress(type: string, address: string, utf8: boolean): string {
  if (isAscii(address)) return `${type}; ${address}`
  if (utf8) return `utf-8; ${address}`
  // utf-8-addr-xtext, RFC 6533 §3.
  const escaped = address.replace(
    /[^\x21-\x2a\x2c-\x3c\x3e-\x5b\x5d-\x7e]/gu,
    char => `\\x{${char.codePointAt(0)?.toString(16).toUpperCase()}}`,
  )
  return `utf-8; ${escaped}`
}

const ascii = (text: string, utf8: boolean): string => (utf8 ? text : text.replace(/[^\x00-\x7f]/gu, '?'))

/** Line width that folding aims at (RFC 5322 §2.1.1), and the longest word, which keeps lines below 998 octets. */
const WIDTH = 78
const LONGEST_WORD = /.{1,300}/gu

/** A field, folded at spaces and where the value has lines of its own. Nothing in the value can end the field. */
function field(name: string, value: string): string {
  const lines: string[] = []
  let line = `${name}:`
  for (const part of value.split('\n')) {
    const words = part.replace(/[\x00-\x1f\x7f]/g, ' ').split(' ')
    for (const word of words.flatMap(word => word.match(LONGEST_WORD) ?? [])) {
      if (line.length + 1 + word.length > WIDTH && line.trim() !== `${name}:`) {
        lines.push(line)
        line = ''
      }
      line += ` ${word}`
    }
    if (line.trim() !== '' && line !== `${name}:`) {
      lines.push(line)
      line = ''
    }
  }
  if (line !== '') lines.push(line)
  return lines.map(text => `${text}\r\n`).join('')
}
