/** The documentation of the API over a socket: how often it is written, in which coding, and how often it may be asked for. */
import { type IncomingHttpHeaders, get as request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { REQUESTS_A_MINUTE } from '../../api/limits.ts'
import { RateLimit } from '../../api/rate-limit.ts'
import { silentLog } from '../../ops/log.ts'
import { apiDocument } from './api-document.ts'
import { createWebApp, type WebAppOptions } from './web-app.ts'

let app: Awaited<ReturnType<typeof createWebApp>>
let base: string
let now = 1_800_000_000_000
let made = 0

beforeEach(async () => {
  made = 0
  const clock = { now: () => now }
  const options: WebAppOptions = {
    clock,
    routes: [],
    // Nobody signs in for it.
    services: {} as WebAppOptions['services'],
    idempotency: {} as WebAppOptions['idempotency'],
    rateLimit: new RateLimit({ clock, limitLoopback: true }),
    log: silentLog,
    webFolder: '/nowhere',
    version: '1.2.3',
    rewriteUrl: url => url,
    others: [
      scope =>
        void scope.get(
          '/counted.json',
          apiDocument(() => ({ made: ++made })),
        ),
    ],
  }
  app = await createWebApp(options)
  base = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterEach(() => app.close())

function get(path: string, coding?: string): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  const url = new URL(path, base)
  const { promise, resolve, reject } = Promise.withResolvers<{ headers: IncomingHttpHeaders; body: Buffer }>()
  request(url, { headers: coding === undefined ? {} : { 'accept-encoding': coding } }, answer => {
    const chunks: Buffer[] = []
    answer.on('data', chunk => chunks.push(chunk)).once('error', reject)
    answer.once('end', () => resolve({ headers: answer.headers, body: Buffer.concat(chunks) }))
  }).once('error', reject)
  return promise
}

it.each([
  ['/counted.json', { made: 1 }],
  ['/api/v1/openapi.json', { openapi: '3.1.0', info: { version: '1.2.3' } }],
])('%s is written once, however often and in whatever coding it is asked for', async (path, document) => {
  for (const coding of [undefined, 'gzip, deflate, br', 'br', 'gzip;q=0', 'deflate,gzip;q=0.5']) {
    const { headers, body } = await get(path, coding)
    const isCompressed = coding?.includes('gzip') === true && !coding.endsWith('q=0')
    expect(headers).toMatchObject({ vary: 'Accept-Encoding', 'content-type': 'application/json; charset=utf-8' })
    expect(headers['content-encoding']).toBe(isCompressed ? 'gzip' : undefined)
    expect(JSON.parse(String(isCompressed ? gunzipSync(body) : body))).toMatchObject(document)
  }
})

it('counts among the requests of a client', async () => {
  const ask = () => fetch(`${base}/api/v1/openapi.json`)
  const first = await ask()
  expect(await first.json()).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } })
  for (let i = 1; i < REQUESTS_A_MINUTE; i++) expect((await ask()).status).toBe(200)
  const over = await ask()
  expect(over.status).toBe(429)
  expect(await over.json()).toMatchObject({ code: 'too-many-attempts' })
  now += 60_000
  expect((await ask()).status).toBe(200)
})
