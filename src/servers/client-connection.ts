/**
 * One client's connection: owns the socket, feeds the session, keeps its one timer.
 *
 * Invariants:
 * - the session gets bytes one piece at a time, and the socket is not read while more than `maxHeldInputBytes` wait;
 * - `timeout` and `shutdown` are called only between two pieces, so that their words never fall into an answer;
 * - whatever the session throws ends this connection and nothing else;
 * - `closed` is called exactly once.
 */
import type { Socket } from 'node:net'
import type { Duplex, Writable } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { loopTurns } from '../mail/loop-turns.ts'
import type { Log } from '../ops/log.ts'
import { canonicalAddress } from '../ops/network-address.ts'
import type { SecureContextSource } from '../ops/tls.ts'
import type { Connection, Session } from './connection.ts'
import { type DeflateStreams, deflateOver } from './deflate.ts'
import type { ListenerLimits } from './limits.ts'
import { ConnectionClosed, Outgoing, refused } from './outgoing.ts'
import { isProbe } from './proxies.ts'

export interface ClientConnectionOptions {
  tls: SecureContextSource
  limits: ListenerLimits
  log: Log
  createSession(connection: Connection): Session
  /** The connection is gone, its socket closed. */
  onClosed(connection: ClientConnection): void
}

/** What the timer waits for: TLS, the client's next byte, the client to read, the client to close. */
type Waiting = 'handshake' | 'input' | 'session' | 'reader' | 'close'

export class ClientConnection implements Connection {
  readonly id: string
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localPort: number
  readonly isProbe: boolean
  readonly #options: ClientConnectionOptions
  readonly #raw: Socket
  readonly #outgoing: Outgoing
  #input: Duplex
  #output: Writable
  #tls: TLSSocket | null = null
  #agreed: { version: string; cipher: string } | null = null
  #deflate: DeflateStreams | null = null
  #session: Session | null = null
  #held: Uint8Array[] = []
  #heldBytes = 0
  #handshaking = false
  #busy = false
  #reading = false
  #inputEnded = false
  #stopping = false
  #toldStopping = false
  #ending = false
  #closed = false
  #idleMs: number
  #timer: NodeJS.Timeout | null = null
  #timerMs = 0

  constructor(id: string, socket: Socket, options: ClientConnectionOptions) {
    this.id = id
    this.#raw = socket
    this.#input = socket
    this.#output = socket
    this.#options = options
    this.#idleMs = options.limits.firstIdleMs
    this.remoteAddress = canonicalAddress(socket.remoteAddress ?? '')
    this.remotePort = socket.remotePort ?? 0
    this.localPort = socket.localPort ?? 0
    this.isProbe = isProbe(socket)
    this.#outgoing = new Outgoing(socket, options.limits.maxUnsentBytes, {
      blocked: () => this.#wait('reader'),
      progressed: () => this.#wait('reader'),
      unblocked: () => this.#wait(this.#waiting()),
      overflowed: () => this.#abandon('client does not read'),
    })
    socket.on('close', this.#onClose)
    socket.on('error', this.#onError)
  }

  get secure(): boolean {
    return this.#tls !== null
  }

  get tls(): { version: string; cipher: string } | null {
    return this.#agreed
  }

  /** Starts the session; with `implicitTls` after the handshake. */
  async start(implicitTls: boolean): Promise<void> {
    try {
      if (implicitTls) await this.#handshake()
      if (this.#closed) return
      this.#session = this.#options.createSession(this)
      this.#busy = true
      await this.#session.open()
    } catch (error) {
      return this.#fail(error)
    }
    if (!this.#tls) this.#listen(this.#raw)
    await this.#pump()
  }

  write(chunk: Uint8Array | string, isAlone = false): Promise<void> {
    return this.#ending ? refused() : this.#outgoing.write(chunk, isAlone)
  }

  async startTls(): Promise<void> {
    if (this.#tls) throw new Error('TLS is active already')
    await this.#outgoing.drained()
    this.#outgoing.flush()
    // RFC 3207 §4.2: nothing of what came before the handshake may count after it.
    this.#deafen(this.#raw)
    this.#held = []
    this.#heldBytes = 0
    while (this.#raw.read() !== null);
    await this.#handshake()
  }

  async startDeflate(): Promise<void> {
    // What was written before leaves as it is, however late the client reads it.
    await this.#outgoing.drained()
    const transport = this.#input
    this.#deafen(transport)
    const { inflate, deflate, flush } = (this.#deflate = deflateOver(transport, this.#held))
    this.#held = []
    this.#heldBytes = 0
    deflate.on('error', this.#onError)
    inflate.on('error', this.#onError)
    this.#output = deflate
    this.#outgoing.redirect(deflate, flush)
    this.#listen(inflate)
  }

  setIdleTimeout(ms: number): void {
    this.#idleMs = ms
    this.#wait(this.#waiting())
  }

  end(): void {
    if (this.#ending || this.#closed) return
    this.#ending = true
    this.#wait(this.#waiting())
    // What the client still sends is read and dropped, so that the kernel doesn't reset what it has not read yet.
    this.#held = []
    this.#input.resume()
    this.#outgoing.drained().then(
      () => {
        this.#output.end()
        this.#wait('close')
      },
      () => {},
    )
    this.#outgoing.flush()
  }

  destroy(): void {
    this.#outgoing.close()
    this.#raw.destroy()
    this.#tls?.destroy()
  }

  /** Lets the command that runs or is coming in finish, says goodbye, and ends. */
  shutdown(): void {
    this.#stopping = true
    if (!this.#session) this.destroy()
    else if (this.#ending) this.#wait(this.#waiting())
    else if (!this.#busy) void this.#tellStopping()
  }

  #listen(input: Duplex): void {
    this.#input = input
    this.#reading = true
    input.on('data', this.#onData)
    input.on('end', this.#onEnd)
  }

  #deafen(input: Duplex): void {
    input.off('data', this.#onData)
    input.off('end', this.#onEnd)
  }

  #onData = (chunk: Uint8Array): void => {
    if (this.#ending) return
    this.#held.push(chunk)
    this.#heldBytes += chunk.length
    if (!this.#busy) void this.#pump()
    else if (this.#heldBytes > this.#options.limits.maxHeldInputBytes) this.#pauseInput()
  }

  #pauseInput(): void {
    this.#reading = false
    this.#input.pause()
  }

  #onEnd = (): void => {
    this.#inputEnded = true
    if (!this.#busy) this.end()
  }

  async #pump(): Promise<void> {
    this.#busy = true
    try {
      for (let next = this.#held.shift(); next; next = this.#held.shift()) {
        this.#heldBytes -= next.length
        const turn = loopTurns.take()
        if (turn) await turn
        if (this.#closed || this.#ending) break
        await this.#session?.receive(next)
      }
    } catch (error) {
      return this.#fail(error)
    }
    this.#busy = false
    if (this.#closed || this.#ending) return
    if (this.#inputEnded) return this.end()
    if (this.#stopping && !this.#toldStopping) return this.#tellStopping()
    if (!this.#reading) {
      this.#reading = true
      this.#input.resume()
    }
    this.#wait(this.#waiting())
  }

  async #handshake(): Promise<void> {
    const secured = new TLSSocket(this.#raw, { isServer: true, secureContext: this.#options.tls.current() })
    secured.on('error', this.#onError)
    secured.on('_tlsError', this.#onError)
    this.#handshaking = true
    this.#wait('handshake')
    await new Promise<void>((resolve, reject) => {
      secured.once('secure', resolve)
      secured.once('close', () => reject(new ConnectionClosed()))
      // A client that ends here has nothing to wait for; its end is seen by who reads.
      secured.on('readable', lookForEnd).on('end', destroy)
    })
    secured.off('readable', lookForEnd).off('end', destroy)
    this.#handshaking = false
    this.#tls = secured
    // Kept, because a socket that has closed no longer tells, and the log asks at the end.
    this.#agreed = { version: secured.getProtocol() ?? '', cipher: secured.getCipher().standardName }
    this.#output = secured
    this.#outgoing.redirect(secured, null)
    this.#listen(secured)
  }

  /** What came meanwhile is the session's, unless it has ended. */
  async #tellStopping(): Promise<void> {
    this.#toldStopping = true
    this.#busy = true
    try {
      await this.#session?.shutdown()
    } catch (error) {
      return this.#fail(error)
    }
    return this.#pump()
  }

  /** Says why nothing more is waited for, then ends. */
  async #timeOut(): Promise<void> {
    this.#busy = true
    try {
      await this.#session?.timeout()
    } catch (error) {
      return this.#fail(error)
    }
    this.end()
  }

  #waiting(): Waiting {
    if (this.#handshaking) return 'handshake'
    if (this.#outgoing.blocked) return 'reader'
    if (this.#ending) return 'close'
    return this.#busy ? 'session' : 'input'
  }

  #wait(waiting: Waiting): void {
    if (this.#closed) return
    const { handshakeMs, stallMs, closeMs, stoppingCloseMs } = this.#options.limits
    const close = this.#stopping ? stoppingCloseMs : closeMs
    const ms = { handshake: handshakeMs, input: this.#idleMs, session: stallMs, reader: stallMs, close }[waiting]
    if (this.#timer && this.#timerMs === ms) {
      this.#timer.refresh()
      return
    }
    if (this.#timer) clearTimeout(this.#timer)
    this.#timerMs = ms
    this.#timer = setTimeout(timeIsUp, ms, this)
  }

  onTimer(): void {
    if (this.#closed) return
    const waiting = this.#waiting()
    if (waiting === 'input') void this.#timeOut()
    else if (waiting === 'session') this.#wait('session')
    else this.#abandon(`waited too long for: ${waiting}`)
  }

  #fail(error: unknown): void {
    if (!(error instanceof ConnectionClosed)) this.#log('error', { err: error }, 'session failed')
    this.destroy()
  }

  #abandon(reason: string): void {
    this.#log('debug', { reason }, 'connection abandoned')
    this.destroy()
  }

  #onError = (error: Error): void => {
    this.#log('debug', { problem: error.message }, 'connection broken')
    this.destroy()
  }

  #onClose = (): void => {
    if (this.#closed) return
    this.#closed = true
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#outgoing.close()
    this.#held = []
    this.#tls?.destroy()
    this.#deflate?.inflate.destroy()
    this.#deflate?.deflate.destroy()
    try {
      this.#session?.closed()
    } catch (error) {
      this.#log('error', { err: error }, 'session failed')
    }
    this.#options.onClosed(this)
  }

  #log(level: 'debug' | 'error', fields: object, message: string): void {
    this.#options.log[level]({ connection: this.id, remote: this.remoteAddress, ...fields }, message)
  }
}

function lookForEnd(this: TLSSocket): void {
  this.read(0)
}

function destroy(this: TLSSocket): void {
  this.destroy()
}

function timeIsUp(connection: ClientConnection): void {
  connection.onTimer()
}
