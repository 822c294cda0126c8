/** One try: a POST with its signature, to an address that was looked at, whose answer counts by its status alone. */
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Clock } from '../../ops/clock.ts'
import type { Resolver } from '../../ops/resolver.ts'
import { WEBHOOK_ANSWER_BYTES, WEBHOOK_TIMEOUT_MS } from '../billing/limits.ts'
import { type DestinationRules, destinationOf } from './destination.ts'
import { ANSWER_SHOWN_CHARACTERS } from './limits.ts'
import { signedHeaders } from './signature.ts'

export interface Try {
  url: string
  secret: string
  eventId: string
  payload: string
}

export interface TryOutcome {
  ok: boolean
  /** null: no answer. */
  httpStatus: number | null
  /** One line, for the log of deliveries; null where all went well. */
  problem: string | null
  ms: number
}

export interface SenderOptions {
  resolver: Resolver
  rules: DestinationRules
  clock: Clock
  version: string
  timeoutMs?: number
}

export class WebhookSender {
  readonly #options: SenderOptions

  constructor(options: SenderOptions) {
    this.#options = options
  }

  /** Rejects only where `signal` ended it. */
  async send(attempt: Try, signal?: AbortSignal): Promise<TryOutcome> {
    const began = performance.now()
    const timeout = AbortSignal.timeout(this.#options.timeoutMs ?? WEBHOOK_TIMEOUT_MS)
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout
    const done = (outcome: Omit<TryOutcome, 'ms'>): TryOutcome => ({
      ...outcome,
      ms: Math.round(performance.now() - began),
    })
    try {
      const { httpStatus, text } = await this.#post(attempt, either)
      if (httpStatus >= 200 && httpStatus < 300) return done({ ok: true, httpStatus, problem: null })
      const redirect = httpStatus >= 300 && httpStatus < 400 ? ', and redirects are not followed' : ''
      return done({ ok: false, httpStatus, problem: `answered ${httpStatus}${redirect}${text && `: ${text}`}` })
    } catch (error) {
      signal?.throwIfAborted()
      if (timeout.aborted) return done({ ok: false, httpStatus: null, problem: 'no answer in time' })
      return done({ ok: false, httpStatus: null, problem: oneLine(error instanceof Error ? error.message : 'failed') })
    }
  }

  async #post(
    { url: text, secret, eventId, payload }: Try,
    signal: AbortSignal,
  ): Promise<{ httpStatus: number; text: string }> {
    const { resolver, rules, clock, version } = this.#options
    const url = new URL(text)
    const destination = await aborting(destinationOf(url, resolver, rules), signal)
    if ('problem' in destination) throw new Error(destination.problem)
    const { address, family } = destination
    const pinned: LookupFunction = (_, options, found) =>
      options.all ? found(null, [{ address, family }]) : found(null, address, family)
    const body = Buffer.from(payload)
    const options = {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': body.length,
        'User-Agent': `Facteur/${version}`,
        ...signedHeaders(secret, eventId, clock.now(), payload),
      },
      lookup: pinned,
      // A connection of its own: an idle one could be to an address that was looked at long ago.
      agent: false,
      signal,
    } as const
    return new Promise((resolve, reject) => {
      const outgoing = (url.protocol === 'http:' ? httpRequest : httpsRequest)(url, options, response => {
        const chunks: Buffer[] = []
        let size = 0
        const answer = (): void =>
          resolve({
            httpStatus: response.statusCode ?? 0,
            text: shown(Buffer.concat(chunks, Math.min(size, WEBHOOK_ANSWER_BYTES))),
          })
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          size += chunk.length
          if (size < WEBHOOK_ANSWER_BYTES) return
          answer()
          response.destroy()
        })
        response.once('end', answer)
        // The status is known: what is wrong with the rest of the answer, or never comes, doesn't matter.
        response.once('error', answer)
        outgoing.off('error', reject).once('error', answer)
      })
      outgoing.once('error', reject)
      // 101 without having been asked. Unless somebody takes the connection, it is closed without a word.
      outgoing.once('upgrade', ({ statusCode = 0 }, socket) => {
        socket.destroy()
        resolve({ httpStatus: statusCode, text: '' })
      })
      outgoing.end(body)
    })
  }
}

/** The DNS library can't be told to stop. */
function aborting<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(signal.reason)
    signal.addEventListener('abort', end, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', end))
    if (signal.aborted) end()
  })
}

const shown = (bytes: Buffer): string => oneLine(bytes.toString('utf8'))

function oneLine(text: string): string {
  return text
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim()
    .slice(0, ANSWER_SHOWN_CHARACTERS)
}
