/** Why a conversation with a remote server ended: an expected failure, in words for the sender and the log. */
import { answerText, type Reply, statusOf } from './reply.ts'

/**
 * `tls`: the handshake failed, so that a plain connection may still do. `loop`: the server is this one. `stopped`: this
 * side gave up; nobody's fault.
 */
export type FailureKind = 'network' | 'refused' | 'tls' | 'loop' | 'stopped'

export class SessionFailure extends Error {
  readonly kind: FailureKind
  readonly permanent: boolean
  readonly status: string

  constructor(kind: FailureKind, status: string, text: string) {
    super(text)
    this.name = 'SessionFailure'
    this.kind = kind
    this.permanent = status.startsWith('5')
    this.status = status
  }
}

/**
 * The server doesn't want to talk. Other hosts are tried next; when all say so, a 5xx greeting or EHLO still counts as
 * temporary, as Postfix has it (smtp_skip_5xx_greeting), because it mostly names a passing cause such as a block list.
 * 521 says that there is no mail service at all (RFC 7504 §3) and is final.
 */
export function refusedSession(reply: Reply): SessionFailure {
  const status = statusOf(reply)
  return new SessionFailure('refused', reply.code === 521 ? status : status.replace(/^[^4]/, '4'), answerText(reply))
}
