/**
 * A service of paper: serves web/dist under the policy of the real one and answers the API from samples, so that pages can be looked at
 * without a Facteur. `web/dev/screenshots.ts` and the tests of the design system use it.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'

/** What `METHOD /path` answers; a function sees the request's address. Paths are below /api/v1, without their query. */
export type Samples = Record<string, Sample | ((url: URL) => Sample)>

export interface Sample {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  /** Never answered: what a page looks like while it waits. */
  hangs?: boolean
}

/** The policy of the real service, src/servers/http. */
export const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "manifest-src 'self'",
].join('; ')

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

async function page(folder: string, url: URL): Promise<{ type: string; body: Buffer }> {
  const asked = path.posix.normalize(url.pathname)
  // The gallery of the design system has a page of its own.
  const file = path.join(folder, asked === '/_ui/' ? '/_ui/index.html' : asked)
  const extension = path.extname(file)
  const type = types[extension]
  if (file.startsWith(folder) && type !== undefined) return { type, body: await readFile(file) }
  return { type: types['.html'] ?? '', body: await readFile(path.join(folder, 'index.html')) }
}

export interface SampleService {
  url: string
  close(): Promise<void>
}

/** Serves `folder` with what `samples` says at the moment of each request. */
export async function startSampleService(folder: string, samples: () => Samples): Promise<SampleService> {
  const answer = async (request: IncomingMessage) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (!url.pathname.startsWith('/api/v1/')) return { ...(await page(folder, url)), status: 200, headers: {} }
    const found = samples()[`${request.method} ${url.pathname.slice('/api/v1'.length)}`]
    const sample = (typeof found === 'function' ? found(url) : found) ?? {
      status: 404,
      body: {
        status: 404,
        code: 'not_found',
        title: 'Not found',
        detail: `No sample for ${request.method} ${url.pathname}`,
      },
    }
    if (sample.hangs) return null
    const status = sample.status ?? (sample.body === undefined ? 204 : 200)
    const type = status >= 400 ? 'application/problem+json' : 'application/json'
    return { status, type, headers: sample.headers ?? {}, body: Buffer.from(JSON.stringify(sample.body) ?? '') }
  }
  const server: Server = createServer((request, response) => {
    answer(request).then(
      reply => {
        if (reply === null) return
        response.writeHead(reply.status, {
          'Content-Type': reply.type,
          'Content-Security-Policy': policy,
          'Cache-Control': 'no-store',
          ...reply.headers,
        })
        response.end(reply.status === 204 ? undefined : reply.body)
      },
      () => {
        response.writeHead(404)
        response.end()
      },
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
