/** HTTPS sockets in front of the web application; a renewed certificate serves the next connection. */
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Log } from '../../ops/log.ts'
import type { SecureContextSource } from '../../ops/tls.ts'
import { WEB_CONNECTIONS, WEB_HEADER_BYTES, WEB_KEEP_ALIVE_MS, WEB_REQUEST_MS } from './limits.ts'
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
}

export async function startWebListener(options: WebListenerOptions): Promise<HttpServer> {
  const { host, port, tls, app, serves, log } = options
  const server = createServer(
    {
      ...tls.pem(),
      // RFC 8996: TLS 1.0 and 1.1 are not to be used.
      minVersion: 'TLSv1.2',
      maxHeaderSize: WEB_HEADER_BYTES,
      headersTimeout: WEB_REQUEST_MS,
      requestTimeout: WEB_REQUEST_MS,
      keepAliveTimeout: WEB_KEEP_ALIVE_MS,
    },
    (request, response) => {
      if (serves((request.url ?? '/').split('?', 1)[0] ?? '/')) return app.routing(request, response)
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' }).end('Not found\n')
    },
  )
  server.maxConnections = WEB_CONNECTIONS
  const unwatch = tls.onChange(() => server.setSecureContext({ ...tls.pem(), minVersion: 'TLSv1.2' }))
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
      const closed = new Promise(resolve => server.close(resolve))
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(cut)
    },
  }
}

export const servesAll = (): boolean => true

/** The account panel: its pages, their files and the API. What mail programs look for is on 443. */
export const servesPanel = (path: string): boolean => !/^\/(?:mail|autodiscover|\.well-known)(?:\/|$)/i.test(path)
