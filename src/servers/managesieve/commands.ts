/** What each ManageSieve command does (RFC 5804 §2). */
import { ScriptRefused } from '../../mail/rules/scripts.ts'
import { StoreError } from '../../store/store.ts'
import type { Command, CommandName } from '../../wire/managesieve/command.ts'
import { LITERAL_BYTES, SIGN_IN_LITERAL_BYTES } from '../../wire/managesieve/limits.ts'
import { capability, ok, string } from '../../wire/managesieve/reply.ts'
import { decodeBase64, parsePlain } from '../../wire/sasl-plain.ts'
import { type ManageSieveContext, Refusal } from './context.ts'
import { FAILED_SIGN_INS, IDLE_MS, SIGN_IN_IDLE_MS } from './limits.ts'

type Run<K extends CommandName> = (
  context: ManageSieveContext,
  command: Extract<Command, { name: K }>,
) => Promise<string>

/** Before sign-in there are these, NOOP and LOGOUT (RFC 5804 §2); AUTHENTICATE and STARTTLS are for strangers alone. */
const forStrangers: ReadonlySet<CommandName> = new Set(['AUTHENTICATE', 'STARTTLS', 'CAPABILITY', 'NOOP', 'LOGOUT'])
const forStrangersAlone: ReadonlySet<CommandName> = new Set(['AUTHENTICATE', 'STARTTLS'])

/** Throws Refusal, ScriptRefused, StoreError. */
export async function run(context: ManageSieveContext, command: Command): Promise<string> {
  const { name } = command
  if (!context.isSignedIn && !forStrangers.has(name)) throw new Refusal('Sign in first')
  if (context.isSignedIn && forStrangersAlone.has(name)) throw new Refusal(`${name} comes before sign-in`)
  // The table pairs each name with its command; the compiler can't follow that for a name not known before.
  return (commands[name] as Run<CommandName>)(context, command)
}

const commands: { [K in CommandName]: Run<K> } = {
  async CAPABILITY(context) {
    return `${capabilitiesOf(context)}${ok('Capabilities listed')}`
  },

  async NOOP(_context, { tag }) {
    return tag === null ? ok('Done') : ok('Done', { tag })
  },

  async LOGOUT(context) {
    context.ending = true
    return ok('Goodbye')
  },

  async STARTTLS(context) {
    if (context.connection.secure) throw new Refusal('TLS is active already')
    context.afterReply = async () => {
      context.receiver.reset()
      await context.connection.startTls()
      // RFC 5804 §2.2: what was said before the handshake counts no more.
      await context.connection.write(`${capabilitiesOf(context)}${ok('TLS is active')}`)
    }
    return ok('Begin TLS negotiation now')
  },

  async AUTHENTICATE(context, { mechanism, initial }) {
    if (mechanism !== 'PLAIN') throw new Refusal('The only mechanism is PLAIN')
    if (!context.passwordsAllowed)
      throw new Refusal('Passwords are taken under TLS only: use STARTTLS', 'ENCRYPT-NEEDED')
    if (initial !== null) return plain(context, initial)
    context.continuation = async text => {
      if (text === '*') throw new Refusal('Sign-in cancelled')
      return plain(context, text)
    }
    return `${string('')}\r\n`
  },

  async UNAUTHENTICATE(context) {
    context.leave()
    context.receiver.limitLiterals(SIGN_IN_LITERAL_BYTES)
    context.connection.setIdleTimeout(SIGN_IN_IDLE_MS)
    return ok('Signed out')
  },

  async LISTSCRIPTS({ services, signedIn }) {
    const scripts = await services.scripts.list(signedIn.account.accountId)
    const lines = scripts.map(({ name, isActive }) => `${string(name)}${isActive ? ' ACTIVE' : ''}\r\n`)
    return `${lines.join('')}${ok('Scripts listed')}`
  },

  async HAVESPACE({ services, signedIn }, { script, sizeBytes }) {
    await services.scripts.requireSpace(signedIn.account.accountId, script, sizeBytes)
    return ok('There is room for it')
  },

  async PUTSCRIPT(context, { script, source }) {
    const { services, signedIn } = context
    const forbidden = await context.forbidden()
    await services.scripts.put(signedIn.actor, signedIn.account, script, source, { forbidden })
    return ok('Script stored')
  },

  async CHECKSCRIPT(context, { source }) {
    await context.services.scripts.check(context.signedIn.account.accountId, source, await context.forbidden())
    return ok('The script is valid')
  },

  async SETACTIVE(context, { script }) {
    const { services, signedIn } = context
    const forbidden = await context.forbidden()
    await services.scripts.activate(signedIn.actor, signedIn.account, script === '' ? null : script, forbidden)
    return ok(script === '' ? 'No script is active' : 'Script active')
  },

  async GETSCRIPT({ services, signedIn }, { script }) {
    const source = await services.scripts.source(signedIn.account.accountId, script)
    // A literal always: so that no client has to undo quotes in a program.
    return `{${Buffer.byteLength(source)}}\r\n${source}\r\n${ok('Script sent')}`
  },

  async DELETESCRIPT({ services, signedIn }, { script }) {
    await services.scripts.remove(signedIn.actor, signedIn.account, script)
    return ok('Script removed')
  },

  async RENAMESCRIPT(context, { script, newName }) {
    const { services, signedIn } = context
    const forbidden = await context.forbidden()
    await services.scripts.rename(signedIn.actor, signedIn.account, script, newName, forbidden)
    return ok('Script renamed')
  },
}

export function capabilitiesOf(context: ManageSieveContext): string {
  const { connection, services, isSignedIn, passwordsAllowed, user } = context
  const { language } = services.scripts
  return [
    capability('IMPLEMENTATION', `Facteur ${services.settings.version}`),
    // RFC 5804 §1.7: empty only where STARTTLS stands below.
    capability('SASL', passwordsAllowed ? 'PLAIN' : ''),
    capability('SIEVE', language.extensions.join(' ')),
    capability('NOTIFY', language.notificationMethods.join(' ')),
    capability('MAXREDIRECTS', String(language.maxRedirects)),
    ...(connection.secure || isSignedIn ? [] : [capability('STARTTLS')]),
    capability('UNAUTHENTICATE'),
    ...(user === null ? [] : [capability('OWNER', user)]),
    capability('VERSION', '1.0'),
  ].join('')
}

async function plain(context: ManageSieveContext, text: string): Promise<string> {
  const response = decodeBase64(text)
  const credentials = response && parsePlain(response)
  if (!credentials) throw new Refusal('The response is not one of PLAIN')
  const { authorizationId, user, password } = credentials
  // RFC 4616 §2: nobody may act as another here.
  if (authorizationId !== '' && authorizationId !== user)
    throw failed(context, new Refusal('Nobody may act for another user here'))
  const { authenticator } = context.services
  const { remoteAddress } = context.connection
  // Who reads mail with a program sorts it with the same: whatever opens IMAP opens this.
  const attempt = { user, password, protocol: 'imap', remoteAddress, client: 'ManageSieve' } as const
  const outcome = await authenticator.signIn(attempt)
  if (!outcome.ok) throw failed(context, refusals[outcome.reason])
  await context.enter(outcome)
  context.receiver.limitLiterals(LITERAL_BYTES)
  context.connection.setIdleTimeout(IDLE_MS)
  return ok('Signed in')
}

const refusals = {
  credentials: new Refusal('Wrong user name or password'),
  'app-password-needed': new Refusal('An app password is needed here: make one in the panel, under Security'),
  'not-allowed': new Refusal('This app password is not for this protocol or this network'),
  expired: new Refusal('This app password has expired'),
  throttled: new Refusal('Too many failed sign-ins: try again later', 'TRYLATER'),
  unavailable: new Refusal('Sign-in is not possible now: try again later', 'TRYLATER'),
}

function failed(context: ManageSieveContext, refusal: Refusal): Refusal {
  if (++context.failedSignIns >= FAILED_SIGN_INS) context.ending = true
  return refusal
}

/** An expected failure in the client's terms; null for any other. */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error
  if (error instanceof ScriptRefused) return new Refusal(error.message, codes[error.code])
  if (error instanceof StoreError && error.code === 'unavailable')
    return new Refusal('The service could not do it now: try again later', 'TRYLATER')
  return null
}

const codes = {
  'no-such-script': 'NONEXISTENT',
  'script-exists': 'ALREADYEXISTS',
  'script-active': 'ACTIVE',
  'script-wrong': undefined,
  'script-too-large': 'QUOTA/MAXSIZE',
  'too-many-scripts': 'QUOTA/MAXSCRIPTS',
} as const satisfies Record<ScriptRefused['code'], Refusal['code']>
