/**
 * A port with sessions behind it: accepts, counts, refuses in the protocol's own words, and stops in good order.
 * It knows no protocol; IMAP and POP3 use it alike.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import type { Log } from '../ops/log.ts'
import { addressGroup, canonicalAddress, isLoopback } from '../ops/network-address.ts'
import type { SecureContextSource } from '../ops/tls.ts'
import { ClientConnection } from './client-connection.ts'
import type { Connection, Session } from './connection.ts'
import { defaultListenerLimits, KEEP_ALIVE_MS, type ListenerLimits } from './limits.ts'
import type { Proxies } from './proxies.ts'

export interface ListenerOptions {
  /** `imap`, `pop3`: for the log. */
  protocol: string
  host: string
  /** 0 for one that the system chooses. */
  port: number
  /** TLS from the first byte, or after the session's STARTTLS. */
  implicitTls: boolean
  tls: SecureContextSource
  /** The line, with CRLF, for a client that is one too many. Without TLS only: nobody handshakes to say no. */
  refusal: string
  createSession(connection: Connection): Session
  log: Log
  limits?: Partial<ListenerLimits>
  /** Whether clients on this machine count towards the limit per address. True by default. */
  limitLoopback?: boolean
  /** Load balancers in front. */
  proxies?: Proxies | null
}

export interface Listener {
  /** Resolves with the port; rejects where it can't be bound. */
  listen(): Promise<number>
  /** Accepts no more, lets each session say goodbye, and cuts off what is left after `graceMs`. */
  close(graceMs: number): Promise<void>
  readonly connections: number
}

export function createListener(options: ListenerOptions): Listener {
  const limitLoopback = options.limitLoopback ?? true
  const limits = { ...defaultListenerLimits, ...options.limits }
  const log = options.log.child({ protocol: options.protocol })
  const connections = new Set<ClientConnection>()
  const perAddress = new Map<string, number>()
  let closing = false
  let lastClosed = (): void => {}

  const connectionOptions = {
    tls: options.tls,
    limits,
    log,
    createSession: options.createSession,
    onClosed: (connection: ClientConnection) => {
      connections.delete(connection)
      const group = addressGroup(connection.remoteAddress)
      const left = (perAddress.get(group) ?? 1) - 1
      if (left > 0) perAddress.set(group, left)
      else perAddress.delete(group)
      if (connections.size === 0) lastClosed()
    },
  }

  const accept = (socket: Socket): void => {
    // A client that is gone already has no address.
    if (closing || socket.remoteAddress === undefined) {
      socket.destroy()
      return
    }
    const group = addressGroup(canonicalAddress(socket.remoteAddress))
    const held = perAddress.get(group) ?? 0
    const heldTooMany = held >= limits.maxConnectionsPerAddress && (limitLoopback || !isLoopback(socket.remoteAddress))
    if (connections.size >= limits.maxConnections || heldTooMany) {
      log.warn({ remote: socket.remoteAddress, held, connections: connections.size }, 'connection refused: too many')
      refuse(socket, options.implicitTls ? '' : options.refusal)
      return
    }
    const connection = new ClientConnection(randomBytes(6).toString('base64url'), socket, connectionOptions)
    connections.add(connection)
    perAddress.set(group, held + 1)
    void connection.start(options.implicitTls)
  }

  const server = createServer(
    { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS },
    accept,
  )
  const stopAwaiting = options.proxies?.before(server)

  return {
    get connections() {
      return connections.size
    },
    listen: () => bind(server, options),
    async close(graceMs) {
      closing = true
      stopAwaiting?.()
      const unbound = new Promise<void>(resolve => server.close(() => resolve()))
      const empty = new Promise<void>(resolve => (lastClosed = resolve))
      if (connections.size === 0) lastClosed()
      for (const connection of connections) connection.shutdown()
      const cut = setTimeout(() => {
        for (const connection of connections) connection.destroy()
      }, graceMs)
      await Promise.all([unbound, empty])
      clearTimeout(cut)
    },
  }
}

function bind(server: Server, { host, port, log }: ListenerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off('error', reject)
      // Out of file descriptors, for one: the next connection is tried again.
      server.on('error', error => log.error({ err: error }, 'accepting failed'))
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

/** One line and out; a client that doesn't take it is cut off. */
function refuse(socket: Socket, line: string): void {
  socket.on('error', () => socket.destroy())
  if (line === '') {
    socket.destroy()
    return
  }
  socket.setTimeout(1_000, () => socket.destroy())
  socket.resume()
  socket.end(line)
}
