/** /metrics for Prometheus and /healthz for a load balancer. Nothing else, and nothing that asks who is there. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '../../ops/log.ts'
import type { Health } from './health.ts'
import { CONNECTIONS, HEADER_BYTES, KEEP_ALIVE_MS, REQUEST_MS } from './limits.ts'
import { oneAtATime } from './one-at-a-time.ts'

export interface HttpServerOptions {
  host: string
  /** 0: any that is free. */
  port: number
  metrics: { render(): Promise<string>; contentType: string }
  health(): Promise<Health>
  log: Log
}

export interface HttpServer {
  port: number
  close(graceMs: number): Promise<void>
}

interface Answer {
  status: number
  type: string
  body: string
}

export async function startHttp(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES,
      headersTimeout: REQUEST_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: REQUEST_MS,
    },
    oneAtATime((request, response) => void handle(request, response, options)),
  )
  // Of Node, without a name in its documentation: who ends his side behind his request (`printf … | nc -N`) is answered.
  Object.assign(server, { httpAllowHalfOpen: true })
  server.maxConnections = CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: options.host, port: options.port }, () => {
      server.off('error', reject)
      server.on('error', error => options.log.error({ err: error }, 'HTTP: accepting failed'))
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    async close(graceMs) {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(cut)
    },
  }
}

async function handle(request: IncomingMessage, response: ServerResponse, options: HttpServerOptions): Promise<void> {
  const { status, type, body } = await answer(request, options)
  // A body that nobody reads must not be taken for the next request.
  if (!request.complete) response.setHeader('Connection', 'close')
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

async function answer({ url, method }: IncomingMessage, options: HttpServerOptions): Promise<Answer> {
  const path = url?.split('?', 1)[0]
  if (path !== '/metrics' && path !== '/healthz') return text(404, 'Not found: there are /metrics and /healthz\n')
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'Use GET\n')
  try {
    if (path === '/metrics')
      return { status: 200, type: options.metrics.contentType, body: await options.metrics.render() }
    const health = await options.health()
    return { status: health.ok ? 200 : 503, type: 'application/json', body: `${JSON.stringify(health)}\n` }
  } catch (error) {
    options.log.error({ err: error, path }, 'HTTP request failed')
    return text(503, 'Unavailable\n')
  }
}

const text = (status: number, body: string): Answer => ({ status, type: 'text/plain; charset=utf-8', body })
