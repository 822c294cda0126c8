/**
 * Requests to an object store that speaks S3's language. aws4fetch signs; what is tried again, for how long, and what an
 * answer means stands here. Every failure is a StoreError `unavailable`: whoever asked is to come back.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import { StoreError } from '../../store.ts'
import { hashOf } from '../encoding.ts'
import { bodyInto, Download, textOf } from './download.ts'
import { bytesEachMs, clocksMs, firstWaitMs, longestWaitMs, maxRequests, requestMs, tryingMs } from './limits.ts'
import { listedIn, textIn } from './listing.ts'
import type { S3Place } from './place.ts'
import { Slots } from './slots.ts'

interface Request {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  key: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Uint8Array
  /** Bytes that go over the line, as far as they are known. */
  bytes?: number
}

/** Answers of the other side that pass: overloaded, restarting, a body that was changed on its way. */
const passingStatuses = new Set([408, 425, 429, 500, 502, 503, 504, 507, 509])
const passingCodes = new Set(['RequestTimeout', 'BadDigest', 'XAmzContentSHA256Mismatch', 'IncompleteBody', 'SlowDown'])

/** Worth another try. */
class Passing extends Error {}

export class S3Client {
  readonly #place: S3Place
  readonly #tryingMs: number
  readonly #slots = new Slots(maxRequests)
  /** Signing keys of the day. */
  readonly #keys = new Map<string, ArrayBuffer>()
  readonly #now: () => number
  /** By how much the object store's clock is ahead of this machine's, where that was too much for it. */
  #aheadMs = 0

  constructor(place: S3Place, now: () => number = Date.now) {
    this.#place = place
    this.#now = now
    this.#tryingMs = place.tryingMs ?? tryingMs
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    // The other side proves what came by it.
    const headers = { 'x-amz-content-sha256': await hashOf(body), 'content-type': 'application/octet-stream' }
    await this.#untilDone({ method: 'PUT', key, headers, body, bytes: body.byteLength }, async response => {
      await expectDone(response, { method: 'PUT', key })
      requireEtag(response, 'an upload was answered without the ETag of what was stored')
    })
  }

  /** Null where there is none. Goes on behind what came before the connection broke. */
  async get(key: string): Promise<Uint8Array | null> {
    const download = new Download()
    return this.#untilDone(
      () => ({ method: 'GET', key, headers: download.headers(), bytes: download.bytesLeft }),
      async response => {
        if (response.status === 412 || response.status === 416) {
          // It is another one by now.
          download.reset()
          throw new Passing('the object changed while it was read')
        }
        const isThere = await expectDone(response, { method: 'GET', key, mayMiss: true })
        if (!isThere) return null
        requireEtag(response, 'a download came without the ETag of what is stored')
        return bodyInto(response, download)
      },
    )
  }

  /** How long ago it was stored, in ms; null where there is none. */
  async ageOf(key: string): Promise<number | null> {
    return this.#untilDone({ method: 'HEAD', key }, async response => {
      const isThere = await expectDone(response, { method: 'HEAD', key, mayMiss: true })
      return isThere ? serverTime(response) - Date.parse(response.headers.get('last-modified') ?? '') : null
    })
  }

  /** Also where there is none. */
  async remove(key: string): Promise<void> {
    await this.#untilDone({ method: 'DELETE', key }, async response => {
      await expectDone(response, { method: 'DELETE', key, mayMiss: true })
    })
  }

  /** Objects under the prefix by ascending key, those behind `after`; `next` is null at the end. */
  async list(
    after: string | null,
    limit: number,
  ): Promise<{ objects: { key: string; ageMs: number }[]; next: string | null }> {
    const query: Record<string, string> = { 'list-type': '2', 'max-keys': String(limit), prefix: this.#place.prefix }
    if (after !== null) query['start-after'] = this.#place.prefix + after
    return this.#untilDone({ method: 'GET', key: '', query }, async response => {
      await expectDone(response, { method: 'GET', key: '' })
      const { prefix } = this.#place
      const now = serverTime(response)
      const found = listedIn(await textOf(response))
      const objects = found.objects
        .filter(({ key }) => key.startsWith(prefix))
        .map(({ key, storedAt }) => ({ key: key.slice(prefix.length), ageMs: now - storedAt }))
      return { objects, next: found.isCut ? (objects.at(-1)?.key ?? null) : null }
    })
  }

  async #untilDone<T>(request: Request | (() => Request), use: (response: Response) => Promise<T>): Promise<T> {
    const end = performance.now() + this.#tryingMs
    if (!(await this.#slots.take(this.#tryingMs))) throw unavailable('too much is asked of the object store at once')
    try {
      for (let tries = 0; ; tries++) {
        const one = typeof request === 'function' ? request() : request
        try {
          return await this.#once(one, use)
        } catch (error) {
          const isPassing = error instanceof Passing || isOfTheLine(error)
          if (!isPassing) throw error
          const pause = Math.random() * Math.min(firstWaitMs * 2 ** tries, longestWaitMs)
          if (performance.now() + pause >= end) throw unavailable(`${one.method} ${one.key}: ${messageOf(error)}`)
          await wait(pause)
        }
      }
    } finally {
      this.#slots.give()
    }
  }

  async #once<T>(request: Request, use: (response: Response) => Promise<T>): Promise<T> {
    const { accessKeyId, secretAccessKey, region, baseUrl, prefix } = this.#place
    const url = new URL(request.key === '' ? '' : prefix + request.key, baseUrl)
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value)
    const signedAt = this.#now() + this.#aheadMs
    const signer = new AwsV4Signer({
      datetime: new Date(signedAt).toISOString().replace(/[-:]|\.\d+/g, ''),
      method: request.method,
      url: url.href,
      headers: { 'x-amz-content-sha256': emptyHash, ...request.headers },
      accessKeyId,
      secretAccessKey,
      region,
      service: 's3',
      cache: this.#keys,
    })
    const { headers } = await signer.sign()
    // Not signed: proxies write another.
    headers.set('accept-encoding', 'identity')
    const response = await fetch(url, {
      method: request.method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(requestMs + Math.ceil((request.bytes ?? 0) / bytesEachMs)),
      ...(request.body && { body: request.body as Uint8Array<ArrayBuffer> }),
    })
    try {
      this.#requireTime(response, signedAt)
      return await use(response)
    } finally {
      // What was not read would keep the connection.
      if (response.body && !response.bodyUsed) await response.body.cancel().catch(() => {})
    }
  }

  /** A signature is refused that is a quarter of an hour old, or to come: the next one has the other side's time. */
  #requireTime({ status, headers }: Response, signedAt: number): void {
    const told = Date.parse(headers.get('date') ?? '')
    if (status !== 403 || !(Math.abs(told - signedAt) > clocksMs)) return
    this.#aheadMs = told - this.#now()
    throw new Passing('the clock of this machine differs from that of the object store')
  }
}

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** The other side's own clock, so that an age is right whatever ours says. */
function serverTime(response: Response): number {
  const time = Date.parse(response.headers.get('date') ?? '')
  if (Number.isNaN(time)) throw unavailable('the object store does not tell the time')
  return time
}

/** False where there is no such object, and that is an answer too. */
async function expectDone(
  response: Response,
  { method, key, mayMiss = false }: Pick<Request, 'method' | 'key'> & { mayMiss?: boolean },
): Promise<boolean> {
  if (response.ok) return true
  const text = await textOf(response)
  const code = textIn(text, 'Code') ?? ''
  const isMissing = mayMiss && response.status === 404
  // The answer to HEAD has no text that would tell a missing bucket; what is to be removed may stay for a later sweep.
  if (isMissing && (code === 'NoSuchKey' || (code === '' && method !== 'GET'))) return false
  const said = `${response.status}${code === '' ? '' : ` ${code}`}`
  // A proxy that has lost the object store says 404 as well, and nothing of keys: the message is not damaged for that.
  const isNoAnswer = isMissing && code === ''
  if (isNoAnswer || passingStatuses.has(response.status) || passingCodes.has(code))
    throw new Passing(`the object store answered ${said}`)
  throw unavailable(
    `the object store answered ${said} to ${method} ${key}: ${textIn(text, 'Message') || 'no reason given'}`,
  )
}

/** A web server that has the address meanwhile may answer 200 to anything: it stores nothing, and its page is no message. */
function requireEtag({ headers }: Response, problem: string): void {
  if (!headers.get('etag')) throw new Passing(problem)
}

/** What fetch says of a connection that can't be had, broke, or took too long. */
function isOfTheLine(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && /^(?:Timeout|Abort)Error$/.test(error.name))
}

function unavailable(message: string): StoreError {
  return new StoreError('unavailable', `large messages: ${message}`)
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error.message}${cause}`
}
