/**
 * What a protocol session sees of its client: bytes in, bytes out, TLS and compression switched on in mid-stream.
 * The driver (`listener.ts`) owns the socket; a session never does.
 */

export interface Connection {
  /** Short random id, the same in every log line of the session. */
  readonly id: string
  /** IPv4 or IPv6 in its canonical text, IPv4-mapped addresses as IPv4. */
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localPort: number
  /** Whether it is a load balancer that only looks if the service answers. */
  readonly isProbe: boolean
  /** Whether bytes travel under TLS now. */
  readonly secure: boolean
  /** Protocol version and cipher, once `secure`. */
  readonly tls: { version: string; cipher: string } | null
  /**
   * Queues bytes to the client, in order. Resolves at once while the socket keeps up, else when it has drained:
   * whoever writes much awaits it. A string is written as UTF-8. `isAlone`: nobody else has the bytes or others of their
   * memory, which is given back once they have left. Rejects with `ConnectionClosed` (outgoing.ts) once the
   * connection is gone, so that a session's work ends with its client; a session lets it pass.
   */
  write(chunk: Uint8Array | string, isAlone?: boolean): Promise<void>
  /** Handshake as server. Input that came before it is thrown away (RFC 3207 §4.2, RFC 9051 §6.2.1). Call in the turn that writes the OK. */
  startTls(): Promise<void>
  /** Both directions under DEFLATE, once the client has taken what was written (RFC 4978). Call in the turn that writes the OK. */
  startDeflate(): Promise<void>
  /** Closes after `ms` without a byte from the client; the session's `timeout` is called first to say why. */
  setIdleTimeout(ms: number): void
  /** Sends what is queued, then closes. */
  end(): void
  /** Closes at once. */
  destroy(): void
}

/** A protocol session: a state machine that the driver feeds. */
export interface Session {
  /** The greeting. */
  open(): Promise<void>
  /** The next bytes, in order. The driver reads no more from the socket until the promise resolves. */
  receive(bytes: Uint8Array): Promise<void>
  /** The client was silent for the idle timeout: say so in the protocol's words; the driver then closes. */
  timeout(): Promise<void>
  /**
   * The service is stopping: say so (BYE, 421 …) and end the connection, where a command is coming in behind its answer; until
   * then the session is fed as before. Called at most once.
   */
  shutdown(): Promise<void>
  /** The connection is gone: give back what the session holds. Called exactly once. */
  closed(): void
}

/** How a session's end is logged: what balancers look for every few seconds, without signing in, doesn't fill the log. */
export const endLevel = ({ isProbe }: Connection, user: string | null): 'debug' | 'info' =>
  isProbe && user === null ? 'debug' : 'info'
