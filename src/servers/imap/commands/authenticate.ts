/** AUTHENTICATE PLAIN (RFC 9051 §6.2.2, RFC 4616, RFC 4959) and LOGIN (RFC 9051 §6.2.3). */
import { decodeSaslLine } from '../../../wire/imap/authenticate.ts'
import { continuation } from '../../../wire/imap/status-response.ts'
import { parsePlain } from '../../../wire/sasl-plain.ts'
import { capabilities, passwordsAllowed } from '../capabilities.ts'
import { bad, type Completion, type ImapCommand, no, ok } from '../command.ts'
import type { ImapContext } from '../context.ts'
import { FAILED_SIGN_INS } from '../limits.ts'

export const login: ImapCommand<'LOGIN'> = {
  states: ['not-authenticated'],
  reports: 'none',
  async run(context, { user, password }) {
    if (!passwordsAllowed(context)) return privacyRequired
    return signIn(context, user, password)
  },
}

export const authenticate: ImapCommand<'AUTHENTICATE'> = {
  states: ['not-authenticated'],
  reports: 'none',
  async run(context, { mechanism, initial }) {
    if (mechanism !== 'PLAIN') return no('The only mechanism is PLAIN')
    if (!passwordsAllowed(context)) return privacyRequired
    if (initial) return plain(context, initial)
    context.output.text(continuation(''))
    context.expectLine(async line => {
      if (line.length === 1 && line[0] === 0x2a) return bad('AUTHENTICATE cancelled')
      const response = decodeSaslLine(line)
      return response ? plain(context, response) : bad('The response is not valid base64')
    })
    return null
  },
}

const privacyRequired = no('Passwords are taken under TLS only: use STARTTLS', 'PRIVACYREQUIRED')

async function plain(context: ImapContext, response: Uint8Array): Promise<Completion> {
  const credentials = parsePlain(response)
  if (!credentials) return bad('The response is not one of PLAIN')
  const { authorizationId, user, password } = credentials
  // RFC 4616 §2: nobody may act as another here.
  if (authorizationId !== '' && authorizationId !== user)
    return failed(context, 'Nobody may act for another user here', 'AUTHORIZATIONFAILED')
  return signIn(context, user, password)
}

async function signIn(context: ImapContext, user: string, password: string): Promise<Completion> {
  const { remoteAddress } = context.connection
  const attempt = { user, password, protocol: 'imap' as const, remoteAddress, client: context.clientName }
  const outcome = await context.services.authenticator.signIn(attempt)
  if (outcome.ok) {
    context.signIn(outcome)
    return ok('Signed in', { code: 'CAPABILITY', capabilities: capabilities(context) })
  }
  switch (outcome.reason) {
    case 'credentials':
      return failed(context, 'Wrong user name or password', 'AUTHENTICATIONFAILED')
    case 'app-password-needed':
      // RFC 9051 §7.1: shown to whoever sits there, who has to do something about it.
      return failed(context, 'An app password is needed here: make one in the panel, under Security', 'ALERT')
    case 'not-allowed':
      return failed(context, 'This app password is not for this protocol or this network', 'AUTHORIZATIONFAILED')
    case 'expired':
      return failed(context, 'This app password has expired', 'EXPIRED')
    case 'throttled':
      return failed(context, 'Too many failures: try again later', 'LIMIT')
    case 'unavailable':
      return no('Sign-in is not possible now: try again later', 'UNAVAILABLE')
  }
}

function failed(
  context: ImapContext,
  text: string,
  code: 'ALERT' | 'AUTHENTICATIONFAILED' | 'AUTHORIZATIONFAILED' | 'EXPIRED' | 'LIMIT',
): Completion {
  if (++context.failedSignIns >= FAILED_SIGN_INS) context.end('Too many failed sign-ins')
  return no(text, code)
}
