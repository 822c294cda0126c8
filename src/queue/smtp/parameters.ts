/** The parameters of MAIL and RCPT for one message and one server, or why that server can't take it. Pure. */
import type { NotifyCondition, QueueMessageRow } from '../../store/types.ts'
import { isAscii, withAsciiDomain } from '../address.ts'
import type { Verdict } from '../route.ts'

export interface Envelope {
  mail: string
  recipients: string[]
}

export interface EnvelopeRecipient {
  address: string
  notify: NotifyCondition[] | null
  originalRecipient: string | null
}

type Message = Pick<QueueMessageRow, 'reversePath' | 'sizeBytes' | 'ret' | 'envelopeId' | 'smtpUtf8' | 'eightBit'>

/**
 * Why that server can't have the message for that recipient, or null. What one recipient needs stops no other (RFC 5321
 * §3.3). `utf8Header`: the message's header has bytes above 127. `server` names it in the refusal.
 */
export function refusalFor(
  message: Message,
  recipient: EnvelopeRecipient,
  utf8Header: boolean,
  extensions: ReadonlyMap<string, string>,
  server: string,
): Verdict | null {
  const limit = Number(extensions.get('SIZE') ?? 0)
  // RFC 1870 §6.1; 0 or nothing stands for no fixed limit.
  if (limit > 0 && message.sizeBytes > limit)
    return refuse('5.3.4', `message size ${message.sizeBytes} exceeds size limit ${limit} of server ${server}`)
  if (extensions.has('SMTPUTF8')) return null
  // RFC 6531 §3.5, with the codes of §4.2 for what it is that needs it.
  if (needsSmtpUtf8(message, [recipient], false))
    return refuse('5.6.7', `SMTPUTF8 is required, but was not offered by host ${server}`)
  if (needsSmtpUtf8(message, [recipient], utf8Header))
    return refuse('5.6.9', `SMTPUTF8 is required by the header, but was not offered by host ${server}`)
  return null
}

/** For recipients that nothing is refused for. */
export function envelopeFor(
  message: Message,
  recipients: EnvelopeRecipient[],
  utf8Header: boolean,
  extensions: ReadonlyMap<string, string>,
): Envelope {
  const needsUtf8 = needsSmtpUtf8(message, recipients, utf8Header)
  const dsn = extensions.has('DSN')
  const mail = [`MAIL FROM:<${needsUtf8 ? message.reversePath : withAsciiDomain(message.reversePath)}>`]
  if (extensions.has('SIZE')) mail.push(`SIZE=${message.sizeBytes}`)
  // Where 8BITMIME is missing the message goes as it is: rewriting it (RFC 6152 §3) would break its signatures, and
  // servers without 8BITMIME that change bytes are not seen any more.
  if (message.eightBit && extensions.has('8BITMIME')) mail.push('BODY=8BITMIME')
  if (needsUtf8) mail.push('SMTPUTF8')
  if (dsn && message.ret) mail.push(`RET=${message.ret}`)
  if (dsn && message.envelopeId) mail.push(`ENVID=${xtext(message.envelopeId)}`)

  return {
    mail: mail.join(' '),
    recipients: recipients.map(recipient => {
      const path = needsUtf8 ? recipient.address : withAsciiDomain(recipient.address)
      const rcpt = [`RCPT TO:<${path}>`]
      if (dsn && recipient.notify?.length) rcpt.push(`NOTIFY=${recipient.notify.join(',')}`)
      if (dsn && recipient.originalRecipient)
        rcpt.push(`ORCPT=${originalRecipient(recipient.originalRecipient, needsUtf8)}`)
      return rcpt.join(' ')
    }),
  }
}

function needsSmtpUtf8(message: Message, recipients: EnvelopeRecipient[], utf8Header: boolean): boolean {
  const paths = [message.reversePath, ...recipients.map(({ address }) => address)]
  return (message.smtpUtf8 && utf8Header) || !paths.map(withAsciiDomain).every(isAscii)
}

function refuse(status: string, text: string): Verdict {
  return { permanent: true, status, text }
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
