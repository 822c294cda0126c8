/** MAIL and RCPT (RFC 5321 §4.1.1.2, §4.1.1.3), a line without its line end, as decoded from UTF-8. */
import { type MailParameters, parseMailParameters, parseRcptParameters, type RcptParameters } from './parameters.ts'
import { parsePath } from './path.ts'
import { type Refused, refused } from './reply.ts'

export interface MailCommand extends MailParameters {
  ok: true
  /** Empty for the null reverse-path. */
  reversePath: string
}

export interface RcptCommand extends RcptParameters {
  ok: true
  /** `postmaster` alone has no domain. */
  address: string
}

// A space behind the colon is no SMTP, but common and harmless.
const mailPrefix = /^MAIL FROM: ?/i
const rcptPrefix = /^RCPT TO: ?/i

export function parseMail(line: string, options: { auth: boolean }): MailCommand | Refused {
  const prefix = mailPrefix.exec(line)
  if (!prefix) return refused(501, '5.5.4', 'Syntax: MAIL FROM:<address>')
  const path = parsePath(line, prefix[0].length, true)
  if (!path || (path.address !== '' && !path.address.includes('@')))
    return refused(501, '5.1.7', 'Bad sender address syntax')
  const parameters = parseMailParameters(line.slice(path.end), options)
  if (!parameters.ok) return parameters
  // RFC 6531 §3.2: such an address comes with the parameter or not at all.
  if (path.utf8 && !parameters.value.smtpUtf8)
    return refused(553, '5.6.7', 'A sender address outside ASCII needs SMTPUTF8')
  return { ok: true, reversePath: path.address, ...parameters.value }
}

/** `smtpUtf8`: whether MAIL said so. */
export function parseRcpt(line: string, options: { smtpUtf8: boolean }): RcptCommand | Refused {
  const prefix = rcptPrefix.exec(line)
  if (!prefix) return refused(501, '5.5.4', 'Syntax: RCPT TO:<address>')
  const path = parsePath(line, prefix[0].length, true)
  if (!path || path.address === '') return refused(501, '5.1.3', 'Bad recipient address syntax')
  const parameters = parseRcptParameters(line.slice(path.end))
  if (!parameters.ok) return parameters
  if (path.utf8 && !options.smtpUtf8)
    return refused(553, '5.6.7', 'A recipient address outside ASCII needs SMTPUTF8 in MAIL')
  return { ok: true, address: path.address, ...parameters.value }
}
