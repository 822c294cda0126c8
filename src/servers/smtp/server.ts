/**
 * A listening SMTP server: smtp-server with sessions of our own (`connection.ts`), limits on connections that hold from
 * the first packet, and an end that lets messages under way be answered.
 */
import type net from 'node:net'
import type { AddressInfo } from 'node:net'
import type tls from 'node:tls'
import {
  SMTPServer,
  type SMTPServerAuthentication,
  type SMTPServerAuthenticationResponse,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server'
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js'
import type { SignInOutcome } from '../../accounts/authentication.ts'
import type { Door } from '../../mail/accept.ts'
import type { TraceSeen } from '../../mail/trace/recorder.ts'
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import { addressGroup, canonicalAddress, isLoopback } from '../../ops/network-address.ts'
import { type SecureContextSource, serverTls } from '../../ops/tls.ts'
import type { Reply } from '../../wire/smtp/reply.ts'
import type { Activity } from '../activity.ts'
import type { Holder, MessageBudget } from '../message-budget.ts'
import { isProbe, type Proxies } from '../proxies.ts'
import { SmtpConnection } from './connection.ts'
import { type SmtpLimits, TURNED_AWAY_MS } from './limits.ts'
import * as replies from './replies.ts'
import type { Role } from './role.ts'

export interface SmtpServerOptions {
  role: Role
  door: Door
  /** This host's name: greeting, EHLO, Received. */
  hostname: string
  limits: SmtpLimits
  /** Shared by the servers of a process that serve the same. */
  budget: MessageBudget
  clock: Clock
  log: Log
  /** null: no STARTTLS. */
  tls: SecureContextSource | null
  /** TLS from the first byte (RFC 8314 §3.3). */
  implicitTls: boolean
  /** Whether a sign-in from this machine itself is taken without TLS. */
  plainTextAuth: boolean
  activity?: Activity | undefined
  /** Told of what is refused. */
  trace?: Pick<TraceSeen, 'refused'> | undefined
  /** Load balancers in front. */
  proxies?: Proxies | undefined
}

/** The library's jokes, and what would let a client say that it is another. */
const neverSupported = ['WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD', 'LHLO']

const authReplies = {
  credentials: replies.authWrong,
  'app-password-needed': replies.authAppPasswordNeeded,
  'not-allowed': replies.authNotAllowed,
  expired: replies.authExpired,
  throttled: replies.authThrottled,
  unavailable: replies.authUnavailable,
}

export class SmtpServer extends SMTPServer {
  readonly role: Role
  readonly door: Door
  readonly hostname: string
  readonly limits: SmtpLimits
  readonly budget: MessageBudget
  readonly activity: Activity | undefined
  readonly trace: Pick<TraceSeen, 'refused'> | undefined
  readonly clock: Clock
  readonly log: Log
  readonly #plainTextAuth: boolean
  readonly #stopFollowing: () => void
  readonly #stopAwaiting: () => void
  readonly #perAddress = new Map<string, number>()
  readonly #present = new Map<net.Socket, string>()
  readonly #ofSession = new WeakMap<object, SmtpConnection>()

  constructor(options: SmtpServerOptions) {
    super(libraryOptions(options))
    this.role = options.role
    this.door = options.door
    this.hostname = options.hostname
    this.limits = options.limits
    this.budget = options.budget
    this.activity = options.activity
    this.trace = options.trace
    this.clock = options.clock
    this.log = options.log
    this.#plainTextAuth = options.plainTextAuth
    const certificate = options.tls
    this.#stopFollowing = certificate?.onChange(() => this.updateSecureContext(certificate.pem())) ?? (() => {})
    this.#stopAwaiting = options.proxies?.before(this.server) ?? (() => {})
    // A failed handshake, a socket that broke before its session began.
    this.on('error', error => this.log.debug({ err: error }, 'connection failed'))
  }

  mayAuthenticate(secure: boolean, remoteAddress: string): boolean {
    return secure || (this.#plainTextAuth && isLoopback(remoteAddress))
  }

  #isLimited(remoteAddress: string): boolean {
    return this.limits.limitLoopback || !isLoopback(remoteAddress)
  }

  /** Whose share of the memory for messages a stranger's takes. */
  strangerAt(remoteAddress: string): Holder {
    return this.#isLimited(remoteAddress) ? addressGroup(canonicalAddress(remoteAddress)) : null
  }

  override connect(socket: net.Socket | tls.TLSSocket, options?: SMTPConnectionOptions | null): void {
    const connection = new SmtpConnection(this, socket, options)
    this.connections.add(connection)
    this.#ofSession.set(connection.session, connection)
    connection.init()
  }

  override onConnect(session: SMTPServerSession, callback: (error?: Error | null) => void): void {
    const client = { remoteAddress: session.remoteAddress, helo: null, secure: session.secure }
    this.role.connect(client).then(
      verdict => callback(verdict.accept ? null : replyError(verdict)),
      error => {
        this.log.error({ err: error }, 'rule failed')
        callback(replyError(replies.failure))
      },
    )
  }

  override onAuth(
    { username = '', password, authzid }: SMTPServerAuthentication,
    session: SMTPServerSession,
    callback: (error: Error | null, response?: SMTPServerAuthenticationResponse) => void,
  ): void {
    const { authenticator } = this.role
    // RFC 4616 §2: nobody acts here in the name of another.
    const wrong = !authenticator || typeof password !== 'string' || (authzid && authzid !== username)
    const outcome: Promise<SignInOutcome> = wrong
      ? Promise.resolve({ ok: false, reason: 'credentials' })
      : authenticator.signIn({ user: username, password, protocol: 'submission', remoteAddress: session.remoteAddress })
    outcome.then(
      result => {
        if (result.ok) {
          this.#ofSession.get(session)?.signedIn(result)
          callback(null, { user: result.account })
        } else callback(replyError(authReplies[result.reason]))
      },
      error => {
        this.log.error({ err: error }, 'sign-in failed')
        callback(replyError(replies.authUnavailable))
      },
    )
  }

  /** Counts a connection from its first packet on, handshake or not, until `left`. */
  override _acceptSocket(socket: net.Socket, handshake: boolean): (() => void) | false {
    // A client that is gone already has no address.
    if (socket.remoteAddress === undefined) {
      socket.on('error', () => {}).destroy()
      return false
    }
    const remote = canonicalAddress(socket.remoteAddress)
    const address = addressGroup(remote)
    const fromThere = this.#perAddress.get(address) ?? 0
    const refusal =
      this.#present.size >= this.limits.maxConnections
        ? replies.tooManyConnections
        : fromThere >= this.limits.maxConnectionsPerAddress && this.#isLimited(remote)
          ? replies.tooManyFromAddress
          : null
    if (refusal) {
      this.log.warn({ server: this.role.name, remote, answer: refusal.text }, 'connection refused')
      turnAway(socket, handshake ? null : refusal)
      return false
    }
    this.#perAddress.set(address, fromThere + 1)
    this.#present.set(socket, address)
    this.activity?.opened()
    socket.once('close', () => this.left(socket))
    const release = super._acceptSocket(socket, handshake)
    return release && handshake ? this.#untilHandshake(socket, release) : release
  }

  /** The library gives each octet of a handshake another while. What is destroyed is the TLS in front of the socket, not the socket under it. */
  #untilHandshake(socket: net.Socket, release: () => void): () => void {
    const timer = setTimeout(() => this._pendingSockets.get(socket)?.destroy(), this.limits.handshakeMs)
    socket.once('close', () => clearTimeout(timer))
    return () => {
      clearTimeout(timer)
      release()
    }
  }

  /** The addresses are those of the socket as it was accepted, which a load balancer's header may have given it. */
  override _handleProxy(...[socket, callback]: Parameters<SMTPServer['_handleProxy']>): void {
    super._handleProxy(socket, (error, options) => {
      if (error || !options) return callback(error, options)
      const { remoteAddress, remotePort, localAddress, localPort } = socket
      callback(null, { ...options, remoteAddress, remotePort, localAddress, localPort, ignore: isProbe(socket) })
    })
  }

  /** STARTTLS takes the listeners off the socket, so a session tells of its end too; only the first time counts. */
  left(socket: net.Socket): void {
    const address = this.#present.get(socket)
    if (address === undefined) return
    this.#present.delete(socket)
    this.activity?.closed()
    const others = (this.#perAddress.get(address) ?? 1) - 1
    if (others > 0) this.#perAddress.set(address, others)
    else this.#perAddress.delete(address)
  }

  async start(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject)
      this.listen({ host, port, backlog: 1024 }, () => {
        this.server.off('error', reject)
        resolve()
      })
    })
    return (this.server.address() as AddressInfo).port
  }

  /** Takes no more; ends idle sessions now, the others with the answer to what they sent, all after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopFollowing()
    const closed = new Promise<void>(resolve => this.server.close(() => resolve()))
    this.#stopAwaiting()
    for (const socket of this._pendingSockets.values()) socket.destroy()
    for (const connection of [...this.connections]) if (connection instanceof SmtpConnection) connection.retire()
    const deadline = setTimeout(() => {
      for (const socket of this.#present.keys()) socket.destroy()
    }, graceMs)
    await closed
    clearTimeout(deadline)
  }
}

function libraryOptions(options: SmtpServerOptions): SMTPServerOptions {
  return {
    ...options.tls?.pem(),
    ...serverTls,
    name: options.hostname,
    secure: options.implicitTls,
    disabledCommands: options.tls && !options.implicitTls ? neverSupported : [...neverSupported, 'STARTTLS'],
    authMethods: ['PLAIN', 'LOGIN'],
    // Who must sign in, and where, is decided in `connection.ts`.
    authOptional: true,
    allowInsecureAuth: true,
    maxAllowedUnauthenticatedCommands: false,
    hideENHANCEDSTATUSCODES: false,
    disableReverseLookup: true,
    socketTimeout: options.limits.idleMs,
    logger: false,
  }
}

/** A reply in the form in which the library takes one from a handler. */
function replyError({ code, status, text }: Reply): Error {
  return Object.assign(new Error(`${status} ${text}`), { responseCode: code })
}

function turnAway(socket: net.Socket, reply: Reply | null): void {
  socket.on('error', () => {})
  if (!reply) {
    socket.destroy()
    return
  }
  socket.resume()
  socket.end(`${reply.code} ${reply.status} ${reply.text}\r\n`)
  setTimeout(() => socket.destroy(), TURNED_AWAY_MS).unref()
}
