/** The form of AUTH and of what follows it: the library decodes anything as base64, so that a wrong password would be said of what is none. */
import { decodeBase64 } from '../../wire/sasl-plain.ts'
import type { Reply } from '../../wire/smtp/reply.ts'
import * as replies from './replies.ts'

export function authSyntaxProblem(command: Buffer): Reply | null {
  const [, mechanism, initial = '='] = command.toString().trimEnd().split(/ +/)
  if (mechanism === undefined) return replies.authSyntax
  return initial === '=' || decodeBase64(initial) ? null : replies.authNoBase64
}

/** Whether a line of the exchange is a response, or what cancels it (RFC 4954 §4). */
export function isAuthResponse(line: Buffer): boolean {
  const text = line.toString().trimEnd()
  return text === '*' || decodeBase64(text) !== null
}
