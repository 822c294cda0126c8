/**
 * One SMTP connection as client: commands out, replies in, each with its own timeout (RFC 5321 §4.5.3.2).
 *
 * Own code instead of nodemailer's connection, which is made for submission: it can't give NOTIFY and ORCPT per
 * recipient (RFC 3461 §4), asks for SMTPUTF8 by addresses alone, loses what each recipient was answered when DATA
 * fails or a 421 comes, has no timeout per command, and finds extensions anywhere in EHLO's text.
 *
 * Invariants: replies are read in the order of the commands; after a failure the connection is destroyed; words of the
 * server that nothing asked for make the connection unusable for a next message.
 */
import { isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { QUIT_MS } from '../limits.ts'
import { SessionFailure } from './failure.ts'
import { type Reply, ReplyReceiver } from './reply.ts'

export interface Target {
  host: string
  address: string
  port: number
}

/** How the connection ended: a failure that says all, or what the system said of the socket. */
type Ending = SessionFailure | { reason: string }

interface Waiter {
  doing: string
  resolve(reply: Reply): void
  reject(failure: SessionFailure): void
}

export class RemoteConnection {
  readonly target: Target
  /** Keyword of EHLO in upper case → its parameters. */
  extensions: ReadonlyMap<string, string> = new Map()
  tls: { version: string; cipher: string } | null = null
  /** TLS was offered and came to nothing this time; and the server was heard to ask for it. */
  tlsFailed = false
  tlsMissed = false
  /** Transactions begun, and whether the last one must be undone by RSET before the next. */
  transactions = 0
  needsReset = false
  readonly openedAt = performance.now()
  #socket: Socket
  readonly #receiver = new ReplyReceiver()
  #ending: Ending | null = null
  #waiter: Waiter | null = null
  #whenWritable: (() => void) | null = null

  constructor(socket: Socket, target: Target) {
    this.#socket = socket
    this.target = target
    this.#listen()
  }

  get name(): string {
    return `${this.target.host}[${this.target.address}]`
  }

  /** Whether a further transaction may begin: open, and nothing unasked-for has arrived (a 421, say). */
  get usable(): boolean {
    return this.#ending === null && this.#socket.writable && !this.#receiver.pending
  }

  /** Why none may. */
  get unusableBecause(): SessionFailure {
    if (this.#receiver.pending)
      return new SessionFailure('network', '4.5.0', `${this.name} sent an answer nobody asked for`)
    return this.#explain(this.#ending ?? { reason: '' }, 'sending MAIL FROM')
  }

  /** Commands, each ended by CRLF, in one write. */
  send(...commands: string[]): void {
    if (this.#ending === null) this.#socket.write(`${commands.join('\r\n')}\r\n`)
  }

  /** The next reply. `doing` completes "lost connection while …" and "timed out while …". */
  async reply(timeoutMs: number, doing: string): Promise<Reply> {
    const ready = this.#receiver.next()
    if (ready !== 'need-more' && 'code' in ready) return ready
    if (ready !== 'need-more') this.destroy(this.#protocolFailure(ready.problem))
    if (this.#ending) throw this.#explain(this.#ending, doing)
    return await this.#timed(
      timeoutMs,
      doing,
      new Promise<Reply>((resolve, reject) => {
        this.#waiter = { doing, resolve, reject }
      }),
    )
  }

  command(line: string, timeoutMs: number, doing: string): Promise<Reply> {
    this.send(line)
    return this.reply(timeoutMs, doing)
  }

  /**
   * Writes as fast as the server reads, with at most `timeoutMs` for each chunk. Stops when the server answers before
   * all is said; that answer is then the next reply.
   */
  async write(chunks: Iterable<Uint8Array>, timeoutMs: number, doing: string): Promise<'written' | 'answered'> {
    for (const chunk of chunks) {
      if (this.#receiver.pending) return 'answered'
      if (this.#ending) throw this.#explain(this.#ending, doing)
      const drained = this.#socket.write(chunk)
      if (!drained) await this.#timed(timeoutMs, doing, new Promise<void>(resolve => (this.#whenWritable = resolve)))
    }
    // TLS tells a turn late of what it has written, and a server nearby may have answered by then.
    if (this.#holdsUnheard()) await new Promise(resolve => setImmediate(resolve))
    return this.#holdsUnheard() ? 'answered' : 'written'
  }

  /** What the socket still holds, the server answered without. */
  #holdsUnheard(): boolean {
    return this.#receiver.pending && this.#socket.writableLength > 0
  }

  /** The handshake, after the server's 220. Rejects with a failure of kind `tls`; the connection is then gone. */
  async startTls(timeoutMs: number): Promise<void> {
    const { host } = this.target
    const plain = this.#socket
    for (const [event, listener] of this.#listeners) plain.off(event, listener)
    plain.on('error', () => {})
    // RFC 3207 §4.2: nothing said before the handshake is believed.
    this.#receiver.clear()
    this.extensions = new Map()
    try {
      const socket = connectTls({
        socket: plain,
        ...(isHostName(host) ? { servername: host } : {}),
        // Opportunistic (RFC 7435): it keeps listeners out; encryption to an unverified name is better than none.
        rejectUnauthorized: false,
      })
      this.#socket = socket
      this.#listen()
      const secured = new Promise<void>((resolve, reject) => {
        socket.once('secureConnect', resolve)
        socket.once('error', reject)
        socket.once('close', () => reject(new Error('connection closed')))
      })
      await this.#timed(timeoutMs, 'performing the TLS handshake', secured)
      this.tls = { version: socket.getProtocol() ?? '', cipher: socket.getCipher()?.name ?? '' }
    } catch (error) {
      const ending = this.#ending
      this.destroy()
      plain.destroy()
      if (ending instanceof SessionFailure && ending.kind === 'stopped') throw ending
      const reason = error instanceof Error ? error.message : String(error)
      throw new SessionFailure('tls', '4.7.5', `TLS handshake with ${this.name} failed: ${reason}`)
    }
  }

  /** Says QUIT and closes, without making anyone wait. */
  quit(): void {
    if (!this.usable) {
      this.destroy()
      return
    }
    this.send('QUIT')
    this.#ending = { reason: '' }
    const socket = this.#socket
    const timer = setTimeout(() => socket.destroy(), QUIT_MS)
    timer.unref()
    socket.once('close', () => clearTimeout(timer))
    socket.end()
  }

  destroy(failure?: SessionFailure): void {
    this.#end(failure ?? { reason: '' })
    this.#socket.destroy()
  }

  #onData = (bytes: Buffer): void => {
    this.#receiver.push(bytes)
    this.#wakeWriter()
    if (!this.#waiter) {
      // Nobody reads replies now: what can't be a reply any more must not pile up.
      if (this.#receiver.overflowing) this.destroy(this.#protocolFailure('an answer without end'))
      return
    }
    const reply = this.#receiver.next()
    if (reply === 'need-more') return
    if ('problem' in reply) {
      this.destroy(this.#protocolFailure(reply.problem))
      return
    }
    const waiter = this.#waiter
    this.#waiter = null
    waiter.resolve(reply)
  }

  #onEnd = (): void => {
    this.#end({ reason: '' })
    this.#socket.destroy()
  }

  #onError = (error: Error): void => this.#end({ reason: systemError(error) })

  #onDrain = (): void => this.#wakeWriter()

  readonly #listeners = [
    ['data', this.#onData],
    ['end', this.#onEnd],
    ['close', this.#onEnd],
    ['error', this.#onError],
    ['drain', this.#onDrain],
  ] as const

  #listen(): void {
    for (const [event, listener] of this.#listeners) this.#socket.on(event, listener)
  }

  #end(ending: Ending): void {
    this.#ending ??= ending
    const waiter = this.#waiter
    this.#waiter = null
    waiter?.reject(this.#explain(this.#ending, waiter.doing))
    this.#wakeWriter()
  }

  #wakeWriter(): void {
    const wake = this.#whenWritable
    this.#whenWritable = null
    wake?.()
  }

  #explain(ending: Ending, doing: string): SessionFailure {
    if (ending instanceof SessionFailure) return ending
    const reason = ending.reason === '' ? '' : `: ${ending.reason}`
    return new SessionFailure('network', '4.4.2', `lost connection with ${this.name} while ${doing}${reason}`)
  }

  #protocolFailure(problem: string): SessionFailure {
    return new SessionFailure('network', '4.5.0', `${this.name} sent what is no SMTP answer: ${problem}`)
  }

  async #timed<T>(ms: number, doing: string, work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const text = `conversation with ${this.name} timed out while ${doing}`
        const failure = new SessionFailure('network', '4.4.2', text)
        reject(failure)
        this.destroy(failure)
      }, ms)
    })
    try {
      return await Promise.race([work, late])
    } finally {
      clearTimeout(timer)
    }
  }
}

/** What SNI may carry (RFC 6066 §3): no address, no address literal. */
const isHostName = (host: string): boolean => isIP(host) === 0 && !host.startsWith('[')

/** Node's errors in the words of the system. */
export function systemError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return systemErrors[code] ?? (error instanceof Error ? error.message : String(error))
}

const systemErrors: Record<string, string> = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'Network is unreachable',
  EADDRNOTAVAIL: 'Network is unreachable',
  EPIPE: 'Broken pipe',
  ETIMEDOUT: 'Connection timed out',
}
