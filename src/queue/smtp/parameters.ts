/** The parameters of MAIL and RCPT for one message and one server, or why that server can't take it. Pure. */
import type { NotifyCondition, QueueMessageRow } from '../../store/types.ts'
import { isAscii, withAsciiDomain } from '../address.ts'
import type { Verdict } from '../route.ts'

export type Envelope = { mail: string; recipients: string[] } | { verdict: Verdict }

export interface EnvelopeRecipient {
  address: string
  notify: NotifyCondition[] | null
  originalRecipient: string | null
}

type Message = Pick<QueueMessageRow, 'reversePath' | 'sizeBytes' | 'ret' | 'envelopeId' | 'smtpUtf8' | 'eightBit'>

/** `utf8Header`: the message's header has bytes above 127. `server` names it in a refusal. */
export function envelopeFor(
  message: Message,
  recipients: EnvelopeRecipient[],
  utf8Header: boolean,
  extensions: ReadonlyMap<string, string>,
  server: string,
): Envelope {
  const limit = Number(extensions.get('SIZE') ?? 0)
  // RFC 1870 §6.1; 0 or nothing stands for no fixed limit.
  if (limit > 0 && message.sizeBytes > limit)
    return refuse('5.3.4', `message size ${message.sizeBytes} exceeds size limit ${limit} of server ${server}`)

  const reversePath = withAsciiDomain(message.reversePath)
  const paths = recipients.map(recipient => withAsciiDomain(recipient.address))
  const offersUtf8 = extensions.has('SMTPUTF8')
  const needsUtf8 = !isAscii(reversePath) || !paths.every(isAscii) || (message.smtpUtf8 && utf8Header)
  if (needsUtf8 && !offersUtf8) return refuse('5.6.7', `SMTPUTF8 is required, but was not offered by host ${server}`) // RFC 6531 §3.5

  const dsn = extensions.has('DSN')
  const mail = [`MAIL FROM:<${offersUtf8 && needsUtf8 ? message.reversePath : reversePath}>`]
  if (extensions.has('SIZE')) mail.push(`SIZE=${message.sizeBytes}`)
  // Where 8BITMIME is missing the message goes as it is: rewriting it (RFC 6152 §3) would break its signatures, and
  // servers without 8BITMIME that change bytes are not seen any more.
  if (message.eightBit && extensions.has('8BITMIME')) mail.push('BODY=8BITMIME')
  if (needsUtf8) mail.push('SMTPUTF8')
  if (dsn && message.ret) mail.push(`RET=${message.ret}`)
  if (dsn && message.envelopeId) mail.push(`ENVID=${xtext(message.envelopeId)}`)

  return {
    mail: mail.join(' '),
    recipients: recipients.map((recipient, i) => {
      const path = needsUtf8 ? recipient.address : (paths[i] ?? recipient.address)
      const rcpt = [`RCPT TO:<${path}>`]
      if (dsn && recipient.notify?.length) rcpt.push(`NOTIFY=${recipient.notify.join(',')}`)
      if (dsn && recipient.originalRecipient)
        rcpt.push(`ORCPT=${originalRecipient(recipient.originalRecipient, offersUtf8 && needsUtf8)}`)
      return rcpt.join(' ')
    }),
  }
}

function refuse(status: string, text: string): Envelope {
  return { verdict: { permanent: true, status, text } }
}

/** RFC 3461 §4: bytes other than printable ASCII without "+" and "=" as "+" and two hexadecimal digits. */
export function xtext(value: string): string {
  return value.replace(/[^\x21-\x2a\x2c-\x3c\x3e-\x7e]/g, char =>
    [...Buffer.from(char, 'utf8')].map(byte => `+${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}

/** `type;address`: the address in xtext, or for the type utf-8 in the forms of RFC 6533 §3. */
function originalRecipient(value: string, utf8: boolean): string {
  const semicolon = value.indexOf(';')
  const type = semicolon < 0 ? 'rfc822' : value.slice(0, semicolon)
  const address = value.slice(semicolon + 1)
  if (type.toLowerCase() !== 'utf-8') return `${type};${xtext(address)}`
  const special = utf8 ? /[\x00-\x20+=\\\x7f]/gu : /[^\x21-\x2a\x2c-\x3c\x3e-\x5b\x5d-\x7e]/gu
  return `${type};${address.replace(special, char => `\\x{${char.codePointAt(0)?.toString(16).toUpperCase()}}`)}`
}
