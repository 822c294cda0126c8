/**
 * Load balancers in front of a server: what comes from them begins with the header of the PROXY protocol
 * (wire/proxy-header.ts), which is read before the server sees the connection. The socket then has the client's addresses,
 * for whoever asks: limits, throttles, policy, traces, logs. What comes from elsewhere is never read: nobody gives himself another address.
 */
import type { Server, Socket } from 'node:net'
import tls from 'node:tls'
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import { addressRanges, canonicalAddress, isLoopback } from '../ops/network-address.ts'
import { type ProxyHeader, readProxyHeader } from '../wire/proxy-header.ts'
import { PROXY_COMPLAINT_MS, PROXY_HEADER_MS } from './limits.ts'

export interface ProxiesOptions {
  /** Addresses and ranges of the load balancers: `192.0.2.1`, `10.0.0.0/8`. */
  from: readonly string[]
  headerMs?: number
  clock: Clock
  log: Log
}

type Addresses = Pick<
  Socket,
  'remoteAddress' | 'remotePort' | 'remoteFamily' | 'localAddress' | 'localPort' | 'localFamily'
>
type Listener = (this: Server, socket: Socket) => void

const probes = new WeakSet<Socket>()

/** Whether a load balancer only looks if the service answers. */
export const isProbe = (socket: Socket): boolean => probes.has(socket)

export class Proxies {
  readonly #options: ProxiesOptions
  readonly #trusts: (address: string) => boolean
  #complainedAt = Number.NEGATIVE_INFINITY
  #untold = 0

  constructor(options: ProxiesOptions) {
    this.#options = options
    this.#trusts = addressRanges(options.from)
  }

  /**
   * Takes the place of those who listen for the server's connections so far, and passes on to them. Returns what ends the
   * connections whose header is awaited.
   */
  before(server: Server): () => void {
    if (this.#options.from.length === 0) return () => {}
    const listeners = server.rawListeners('connection') as Listener[]
    const waiting = new Set<Socket>()
    const known = server instanceof tls.Server ? new Map<string, Addresses>() : null
    server.removeAllListeners('connection')
    server.on('connection', socket => {
      const pass = (): void => {
        for (const listener of listeners) listener.call(server, socket)
      }
      if (!this.#trusts(canonicalAddress(socket.remoteAddress ?? ''))) pass()
      else this.#read(socket, waiting, known, pass)
    })
    // The socket that TLS puts over another tells the addresses of the system, by which the one below is found.
    if (known)
      server.prependListener('secureConnection', (secured: Socket) => {
        const addresses = known.get(ends(secured))
        if (addresses) assign(secured, addresses)
      })
    return () => {
      for (const socket of waiting) socket.destroy()
    }
  }

  #read(socket: Socket, waiting: Set<Socket>, known: Map<string, Addresses> | null, pass: () => void): void {
    const balancer = canonicalAddress(socket.remoteAddress ?? '')
    let bytes = Buffer.alloc(0)
    const finish = (): void => {
      clearTimeout(timer)
      waiting.delete(socket)
      socket.off('readable', onReadable).off('end', onEnd).off('close', finish)
    }
    const refuse = (problem: string): void => {
      finish()
      socket.destroy()
      this.#complain(balancer, problem)
    }
    const onReadable = (): void => {
      let header = readProxyHeader(bytes)
      while (header.kind === 'more') {
        const more: Buffer | null = socket.read(header.octets)
        if (more === null) return
        bytes = Buffer.concat([bytes, more])
        header = readProxyHeader(bytes)
      }
      if (header.kind === 'wrong') {
        refuse(header.problem)
        return
      }
      finish()
      if (header.local) probes.add(socket)
      const addresses = addressesOf(header, balancer)
      if (addresses) {
        remember(socket, addresses, known)
        assign(socket, addresses)
      }
      pass()
    }
    // Connected and gone, with not a word: so a balancer looks whether the port is open.
    const onEnd = (): void => {
      if (bytes.length > 0) refuse('it ends within the header')
      else socket.destroy()
    }
    const timer = setTimeout(() => refuse('the header does not come'), this.#options.headerMs ?? PROXY_HEADER_MS)
    waiting.add(socket)
    // It breaks between here and the listeners that come.
    socket.on('error', () => {})
    socket.on('readable', onReadable).on('end', onEnd).on('close', finish)
  }

  /** A balancer that is set up wrongly says so with each connection. */
  #complain(balancer: string, problem: string): void {
    const { clock, log } = this.#options
    this.#untold++
    if (clock.now() - this.#complainedAt < PROXY_COMPLAINT_MS) return
    log.warn(
      { balancer, problem, connections: this.#untold },
      'a load balancer’s connection was closed: it has to begin with a PROXY header',
    )
    this.#complainedAt = clock.now()
    this.#untold = 0
  }
}

function addressesOf(header: ProxyHeader & { kind: 'header' }, balancer: string): Addresses | null {
  if (!header.endpoints) return null
  const { family, source, destination } = header.endpoints
  // Another machine's loopback is not this one's, which has fewer limits.
  if (isLoopback(source.address) && !isLoopback(balancer)) return null
  return {
    remoteAddress: source.address,
    remotePort: source.port,
    remoteFamily: family,
    localAddress: destination.address,
    localPort: destination.port,
    localFamily: family,
  }
}

/** What no two open connections of a server have alike. */
const ends = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`

function remember(socket: Socket, addresses: Addresses, known: Map<string, Addresses> | null): void {
  const key = ends(socket)
  known?.set(key, addresses)
  socket.once('close', () => {
    if (known?.get(key) === addresses) known.delete(key)
  })
}

function assign(socket: Socket, addresses: Addresses): void {
  // They are getters of the class.
  for (const [name, value] of Object.entries(addresses)) Object.defineProperty(socket, name, { value })
}
