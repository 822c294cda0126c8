/**
 * HTTPS sockets in front of the web application; a renewed certificate serves the next connection. Who is slow (in the
 * handshake, with his request, in taking the answer) or holds too many connections is cut off, so that the others are served.
 */
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Log } from '../../ops/log.ts'
import { addressGroup, canonicalAddress, isLoopback } from '../../ops/network-address.ts'
import { type SecureContextSource, serverTls } from '../../ops/tls.ts'
import type { Proxies } from '../proxies.ts'
import { defaultWebLimits, WEB_HEADER_BYTES, type WebLimits } from './limits.ts'
import { oneAtATime } from './one-at-a-time.ts'
import type { HttpServer } from './server.ts'

export interface WebListenerOptions {
  host: string
  /** 0: any that is free. */
  port: number
  tls: SecureContextSource
  app: FastifyInstance
  /** Paths that are answered here; the others as if they were not there. */
  serves: (path: string) => boolean
  log: Log
  limits?: Partial<WebLimits>
  /** Whether clients on this machine count towards the limit per address. */
  limitLoopback: boolean
  /** Load balancers in front. */
  proxies?: Proxies | null
}

export async function startWebListener(options: WebListenerOptions): Promise<HttpServer> {
  const { host, port, tls, app, serves, log } = options
  const limits = { ...defaultWebLimits, ...options.limits }
  const server = createServer(
    {
      ...tls.pem(),
      ...serverTls,
      handshakeTimeout: limits.handshakeMs,
      maxHeaderSize: WEB_HEADER_BYTES,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      keepAliveTimeout: limits.keepAliveMs,
    },
    oneAtATime((request, response) => {
      // RFC 9112 §3.2: node would take the first, and what stands in front of it perhaps the last.
      if (namesTwoHosts(request.rawHeaders)) return refuse(response, 400, 'Bad request\n')
      if (serves((request.url ?? '/').split('?', 1)[0] ?? '/')) return app.routing(request, response)
      refuse(response, 404, 'Not found\n')
    }),
  )
  server.maxConnections = limits.maxConnections
  server.timeout = limits.idleMs
  server.on('connection', countPerAddress(limits.maxConnectionsPerAddress, options))
  server.prependListener('secureConnection', keepAddress)
  const stopAwaiting = options.proxies?.before(server)
  const unwatch = tls.onChange(() => server.setSecureContext({ ...tls.pem(), ...serverTls }))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      server.on('error', error => log.error({ err: error }, 'HTTPS: accepting failed'))
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    async close(graceMs) {
      unwatch()
      stopAwaiting?.()
      const closed = new Promise(resolve => server.close(resolve))
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(cut)
    },
  }
}

/** `rawHeaders`: name and value in turns, as they came. */
const namesTwoHosts = (rawHeaders: readonly string[]): boolean =>
  rawHeaders.filter((text, i) => i % 2 === 0 && text.length === 4 && text.toLowerCase() === 'host').length > 1

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' }).end(text)
}

export const servesAll = (): boolean => true

/** The account panel: its pages, their files and the API. What mail programs look for is on 443. */
export const servesPanel = (path: string): boolean => !/^\/(?:mail|autodiscover|\.well-known)(?:\/|$)/i.test(path)

/** The socket of TLS asks the system when it is first asked itself, which knows nothing any more of a connection that broke. */
function keepAddress(secured: Socket): void {
  if (secured.remoteAddress === undefined) secured.destroy()
}

/** Sees each TCP connection before its handshake. */
function countPerAddress(most: number, { log, limitLoopback }: WebListenerOptions): (socket: Socket) => void {
  const held = new Map<string, number>()
  return socket => {
    const { remoteAddress } = socket
    // A client that is gone already has no address.
    if (remoteAddress === undefined) {
      socket.destroy()
      return
    }
    const group = addressGroup(canonicalAddress(remoteAddress))
    const count = (held.get(group) ?? 0) + 1
    if (count > most && (limitLoopback || !isLoopback(remoteAddress))) {
      log.warn({ remote: remoteAddress, held: count - 1 }, 'HTTPS: connection refused: too many')
      socket.destroy()
      return
    }
    held.set(group, count)
    socket.once('close', () => {
      const left = (held.get(group) ?? 1) - 1
      if (left > 0) held.set(group, left)
      else held.delete(group)
    })
  }
}
