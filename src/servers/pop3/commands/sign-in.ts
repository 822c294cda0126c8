/** USER and PASS (RFC 1939 §7), AUTH PLAIN (RFC 5034 §4, RFC 4616). */
import { CONTINUE, listing, ok } from '../../../wire/pop3/reply.ts'
import { decodeBase64, parsePlain } from '../../../wire/sasl-plain.ts'
import type { Pop3Command } from '../command.ts'
import { type Pop3Context, Refusal } from '../context.ts'
import { FAILED_SIGN_INS, TRANSACTION_IDLE_MS } from '../limits.ts'

export const user: Pop3Command<'USER'> = {
  states: ['authorization'],
  async run(context, command) {
    requirePrivacy(context)
    context.pendingUser = command.user
    // Whether there is such a mailbox is nobody's to learn.
    return ok('Now the password')
  },
}

export const pass: Pop3Command<'PASS'> = {
  states: ['authorization'],
  async run(context, { password }) {
    requirePrivacy(context)
    const name = context.pendingUser
    if (name === null) throw new Refusal('USER comes first')
    context.pendingUser = null
    return signIn(context, name, password)
  },
}

export const auth: Pop3Command<'AUTH'> = {
  states: ['authorization'],
  async run(context, { mechanism, initial }) {
    // Not in RFC 5034, but what Outlook has always asked: a list of the mechanisms.
    if (mechanism === null) return listing('Mechanisms follow', context.passwordsAllowed ? ['PLAIN'] : [])
    if (mechanism !== 'PLAIN') throw new Refusal('The only mechanism is PLAIN')
    requirePrivacy(context)
    if (initial) return plain(context, initial)
    context.receiver.expectLine()
    context.lineHandler = async line => {
      const text = Buffer.from(line).toString('latin1')
      if (text === '*') throw new Refusal('Sign-in cancelled')
      const response = decodeBase64(text)
      if (!response) throw new Refusal('The response is not valid base64')
      return plain(context, response)
    }
    return CONTINUE
  },
}

function requirePrivacy(context: Pop3Context): void {
  if (!context.passwordsAllowed) throw new Refusal('Passwords are taken under TLS only: use STLS')
}

async function plain(context: Pop3Context, response: Uint8Array): Promise<string> {
  const credentials = parsePlain(response)
  if (!credentials) throw new Refusal('The response is not one of PLAIN')
  const { authorizationId, user, password } = credentials
  // RFC 4616 §2: nobody may act as another here.
  if (authorizationId !== '' && authorizationId !== user)
    throw failed(context, new Refusal('Nobody may act for another user here', 'AUTH'))
  return signIn(context, user, password)
}

async function signIn(context: Pop3Context, user: string, password: string): Promise<string> {
  const { authenticator, maildrops } = context.services
  const { remoteAddress } = context.connection
  const outcome = await authenticator.signIn({ user, password, protocol: 'pop3', remoteAddress })
  if (!outcome.ok) throw failed(context, refusals[outcome.reason])
  const maildrop = await maildrops.open(outcome.account.accountId)
  // RFC 2449 §8.1.2
  if (maildrop === 'in-use') throw new Refusal('Another session has this mailbox open', 'IN-USE')
  context.enter(maildrop, outcome)
  context.connection.setIdleTimeout(TRANSACTION_IDLE_MS)
  const { messages, bytes } = maildrop.summary
  return ok(`${messages} messages (${bytes} octets)`)
}

/** RFC 3206 §4: AUTH makes a client ask for the password again, SYS/TEMP makes it try later with the one it has. */
const refusals = {
  credentials: new Refusal('Wrong user name or password', 'AUTH'),
  'app-password-needed': new Refusal('An app password is needed here: make one in the panel, under Security', 'AUTH'),
  'not-allowed': new Refusal('This app password is not for this protocol or this network', 'AUTH'),
  expired: new Refusal('This app password has expired', 'AUTH'),
  throttled: new Refusal('Too many failed sign-ins: try again later', 'SYS/TEMP'),
  unavailable: new Refusal('Sign-in is not possible now: try again later', 'SYS/TEMP'),
}

function failed(context: Pop3Context, refusal: Refusal): Refusal {
  if (++context.failedSignIns >= FAILED_SIGN_INS) context.ending = true
  return refusal
}
