/** A client of the API over HTTPS, with cookies and the CSRF token as a browser has them. */
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import type { Socket } from 'node:net'
import path from 'node:path'
import type { Service } from './service.ts'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  bytes: Buffer
  text: string
  /** What `text` says as JSON; undefined where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any
}

export interface CallOptions {
  body?: unknown
  headers?: Record<string, string>
}

export class ApiClient {
  readonly #port: number
  readonly #ca: Buffer
  /** Instead of a new connection to the port. */
  readonly #over: (() => Promise<Socket>) | null
  cookie: string | null = null
  csrfToken: string | null = null

  constructor(
    service: Pick<Service, 'ports' | 'data'>,
    listener: 'https' | 'panel' = 'https',
    over: (() => Promise<Socket>) | null = null,
  ) {
    this.#over = over
    this.#port = service.ports[listener]
    this.#ca = readFileSync(path.join(service.data, 'tls', 'certificate.pem'))
  }

  /** `path` under /api/v1, or whole where it begins with another. */
  async call(method: string, path: string, { body, headers = {} }: CallOptions = {}): Promise<Answer> {
    const socket = await this.#over?.()
    const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
    const all: Record<string, string> = {
      'accept-language': 'en',
      ...(sent === null
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(sent)) }),
      ...(this.cookie === null ? {} : { cookie: this.cookie }),
      ...(this.csrfToken === null || method === 'GET' ? {} : { 'x-csrf-token': this.csrfToken }),
      ...headers,
    }
    return new Promise((resolve, reject) => {
      const options = {
        host: 'localhost',
        // Whatever the Host header says.
        servername: 'localhost',
        port: this.#port,
        method,
        path,
        headers: all,
        ca: this.#ca,
        ...(socket ? { createConnection: () => socket } : { agent: false as const }),
      }
      const outgoing = request(options, response => {
        const chunks: Buffer[] = []
        // It has no end: what it begins with is all that is asked for here.
        if (response.headers['content-type']?.startsWith('text/event-stream')) {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes: Buffer.of(),
            text: '',
            json: undefined,
          })
          return outgoing.destroy()
        }
        response.on('data', chunk => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () => {
          const bytes = Buffer.concat(chunks)
          const text = bytes.toString()
          this.#keepCookie(response.headers['set-cookie'])
          resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text, json: parse(text) })
        })
      })
      outgoing.once('error', reject)
      outgoing.end(sent ?? undefined)
    })
  }

  get = (path: string, options?: CallOptions): Promise<Answer> => this.call('GET', `/api/v1${path}`, options)
  post = (path: string, body: unknown = {}, options: CallOptions = {}): Promise<Answer> =>
    this.call('POST', `/api/v1${path}`, { body, ...options })
  put = (path: string, body: unknown, options: CallOptions = {}): Promise<Answer> =>
    this.call('PUT', `/api/v1${path}`, { body, ...options })
  patch = (path: string, body: unknown, options: CallOptions = {}): Promise<Answer> =>
    this.call('PATCH', `/api/v1${path}`, { body, ...options })
  delete = (path: string, options?: CallOptions): Promise<Answer> => this.call('DELETE', `/api/v1${path}`, options)

  async signIn(address: string, password: string): Promise<Answer> {
    const answer = await this.post('/session', { address, password, remember: false })
    if (answer.status === 200 && answer.json.csrfToken) this.csrfToken = answer.json.csrfToken
    return answer
  }

  #keepCookie(set: string[] | undefined): void {
    for (const cookie of set ?? []) {
      const pair = cookie.split(';')[0] ?? ''
      if (!pair.startsWith('__Host-facteur=')) continue
      this.cookie = pair === '__Host-facteur=' ? null : pair
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
