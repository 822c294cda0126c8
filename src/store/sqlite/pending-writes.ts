/** Operations on their way to the writer, wherever it is, and who waits for them. */
import { type Request, weightOf } from '../operations/request.ts'
import type { Outcome } from './failure.ts'
import { maxWaitingBytes } from './limits.ts'
import type { NumberedRequest } from './writer-messages.ts'

/**
 * Operations that are sent without waiting for the end of the turn. A message to the writer costs as much as several
 * operations in it; but callers that were answered together come back together, and the writer should not wait for the last.
 */
const sendAt = 16

interface Waiting {
  resolve: (outcome: Outcome) => void
  bytes: number
}

export class PendingWrites {
  readonly #send: (requests: NumberedRequest[]) => void
  readonly #maxBytes: number
  #nextId = 1
  #outgoing: NumberedRequest[] = []
  readonly #waiting = new Map<number, Waiting>()
  #waitingBytes = 0
  #closing = false
  #whenAnswered: (() => void) | null = null

  /** `send` is given those of one turn of the loop together. `shares`: processes that have the room for what waits between them. */
  constructor(send: (requests: NumberedRequest[]) => void, shares = 1) {
    this.#send = send
    this.#maxBytes = maxWaitingBytes / shares
  }

  write(request: Request): Promise<Outcome> {
    const bytes = weightOf(request)
    if (this.#closing) return Promise.resolve(unavailable('the store is closing'))
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > this.#maxBytes)
      return Promise.resolve(unavailable('too much waits to be written'))
    return new Promise(resolve => {
      const id = this.#nextId++
      this.#waiting.set(id, { resolve, bytes })
      this.#waitingBytes += bytes
      this.#outgoing.push({ id, request })
      if (this.#outgoing.length === 1) setImmediate(() => this.#sendNow())
      if (this.#outgoing.length >= sendAt) this.#sendNow()
    })
  }

  /** Nothing is taken any more; what was is sent. */
  close(): void {
    this.#closing = true
    this.#sendNow()
  }

  /** Once `close` was called. */
  answered(): Promise<void> {
    return new Promise(resolve => {
      if (this.#waiting.size === 0) resolve()
      else this.#whenAnswered = resolve
    })
  }

  answer(id: number, outcome: Outcome): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    this.#waiting.delete(id)
    this.#waitingBytes -= waiting.bytes
    waiting.resolve(outcome)
    if (this.#waiting.size === 0) this.#whenAnswered?.()
  }

  /** What was sent and not answered may or may not be on disk; it is not acknowledged, and the caller tries again. */
  lost(message: string): void {
    const sent = new Set(this.#waiting.keys())
    for (const { id } of this.#outgoing) sent.delete(id)
    for (const id of sent) this.answer(id, unavailable(message))
  }

  #sendNow(): void {
    const requests = this.#outgoing
    if (requests.length === 0) return
    this.#outgoing = []
    this.#send(requests)
  }
}

export function unavailable(message: string): Outcome {
  return { failure: { code: 'unavailable', message } }
}
