/** The answers of the servers themselves; those of rules are in `policy/inbound`, those of parsers in `wire/smtp`. */
import type { SignInOver } from '../../accounts/authentication.ts'
import type { Reply } from '../../wire/smtp/reply.ts'
import { farewells } from '../sign-in-over.ts'

const reply = (code: number, status: string, text: string): Reply => ({ code, status, text })

export const senderOk = reply(250, '2.1.0', 'Sender OK')
export const recipientOk = reply(250, '2.1.5', 'Recipient OK')
export const accepted = (id: string): Reply => reply(250, '2.6.0', `Accepted, id ${id}`)

export const mailFirst = reply(503, '5.5.1', 'MAIL first')
export const rcptFirst = reply(503, '5.5.1', 'RCPT first')
export const nestedMail = reply(503, '5.5.1', 'A transaction is under way; RSET ends it')
export const noRecipients = reply(554, '5.5.1', 'No valid recipients')
export const chunkTaken = (size: number): Reply => reply(250, '2.0.0', `${size} octets received`)
// RFC 3030 §2
export const chunksUnderWay = reply(503, '5.5.1', 'The message comes in chunks already; RSET ends it')
export const chunkSyntax = reply(501, '5.5.4', 'Syntax: BDAT size [LAST]')
/** RFC 5321 §4.1.1 */
export const noParameters = (verb: string): Reply => reply(501, '5.5.4', `${verb} takes no parameters`)
// RFC 2920 §3.1: DATA is the last command of a group.
export const unauthorizedPipelining = reply(554, '5.5.0', 'Text sent before the answer to DATA')
export const tooManyRecipients = reply(452, '4.5.3', 'Too many recipients; send to the others in another transaction')

export const help = reply(
  214,
  '2.0.0',
  'Commands: EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT STARTTLS AUTH',
)
// RFC 5321 §7.3: an answer that neither confirms nor denies.
export const verify = reply(252, '2.1.5', 'Send a message; whether it can be delivered shows then')
export const verifySyntax = reply(501, '5.5.4', 'Syntax: VRFY address')
export const notImplemented = reply(502, '5.5.1', 'Command not implemented')

export const noAuth = reply(502, '5.5.1', 'No sign-in on this port; submission is on 465 and 587')
// RFC 3207 §4
export const startTlsFirst = reply(530, '5.7.0', 'Must issue a STARTTLS command first')
export const authRequired = reply(530, '5.7.0', 'Authentication required')
export const authInTransaction = reply(503, '5.5.1', 'No sign-in within a mail transaction')
export const authSyntax = reply(501, '5.5.4', 'Syntax: AUTH mechanism [initial-response]')
// RFC 4954 §4
export const authNoBase64 = reply(501, '5.5.2', 'The response is not valid base64')
// RFC 4954 §6
export const authTooLong = reply(500, '5.5.6', 'The response is too long')
export const authWrong = reply(535, '5.7.8', 'Authentication credentials invalid')
/** RFC 4954 §6: the mechanism is weaker than what the policy asks of this user. */
export const authAppPasswordNeeded = reply(
  534,
  '5.7.9',
  'An app password is needed here: make one in the panel, under Security',
)
export const authNotAllowed = reply(535, '5.7.8', 'This app password is not for this protocol or this network')
export const authExpired = reply(535, '5.7.8', 'This app password has expired')
export const authUnavailable = reply(454, '4.7.0', 'Temporary authentication failure')
export const authThrottled = reply(454, '4.7.0', 'Too many failed sign-ins; try again later')
export const tooManyAuthFailures = reply(421, '4.7.0', 'Too many failed sign-ins')

export const mailboxFull = reply(452, '4.2.2', 'Mailbox full')
/** In the words that people look for when they ask what it means. */
export const overLimit = reply(
  554,
  '5.7.0',
  'Your message could not be sent. The limit on the number of allowed outgoing messages was exceeded.',
)
export const failure = reply(451, '4.3.0', 'Temporary failure; try again later')
export const unavailable = reply(452, '4.3.1', 'Storage not available now; try again later')
export const busy = reply(452, '4.3.1', 'Too many messages under way; try again later')

export const tooSoon = (host: string): Reply => reply(421, '4.7.0', `${host} You talk too soon`)
export const tooManyErrors = reply(421, '4.7.0', 'Too many errors')
export const tooIdle = reply(421, '4.7.0', 'Too many commands without a message')
export const tooLate = reply(421, '4.4.2', 'Timeout - closing connection')
export const tooLongWithoutMessage = reply(421, '4.4.2', 'No message came for too long')
export const tooSlow = reply(421, '4.4.2', 'The message takes too long')
export const tooManyConnections = reply(421, '4.7.0', 'Too many connections; try again later')
export const tooManyFromAddress = reply(421, '4.7.0', 'Too many connections from your address; try again later')
/** RFC 5321 §3.8, §4.2.1: the session ends with it. */
export const signInOver = (over: SignInOver): Reply => reply(421, farewells[over].smtp, farewells[over].text)
export const closing = reply(421, '4.3.2', 'Service closing')
