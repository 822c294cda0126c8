/**
 * Answers that go on, as server-sent events (WHATWG HTML §9.2): plain HTTP/1.1, which every proxy lets pass. A client that
 * reads slowly is waited for, so each holds one event in memory. It ends when its caller may no longer ask, the client is
 * gone, or the service stops.
 */
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Clock } from '../ops/clock.ts'
import { ALL_STREAMS, STREAM_CHECKED_MS, STREAM_HEARTBEAT_MS, STREAMS_OF_ONE } from './limits.ts'
import { ApiProblem } from './problem.ts'

/** null: nothing happened for a moment. */
export type StreamedEvent = { id: number; data: Record<string, unknown> } | null

export class EventStream {
  readonly events: (signal: AbortSignal) => AsyncIterable<StreamedEvent>
  constructor(events: (signal: AbortSignal) => AsyncIterable<StreamedEvent>) {
    this.events = events
  }
}

export interface StreamFacts {
  /** Who holds it. */
  holder: string
  /** Asked now and then. */
  isAllowed(): Promise<boolean>
  serialize(data: Record<string, unknown>): string
}

export class EventStreams {
  readonly #clock: Clock
  readonly #held = new Map<string, number>()
  readonly #stopping = new AbortController()
  #count = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Throws `too-many-attempts` where the holder, or all together, have too many. */
  send(reply: FastifyReply, stream: EventStream, facts: StreamFacts): FastifyReply {
    const { holder } = facts
    const held = this.#held.get(holder) ?? 0
    if (held >= STREAMS_OF_ONE || this.#count >= ALL_STREAMS)
      throw new ApiProblem('too-many-attempts', { retryAfterSeconds: STREAM_HEARTBEAT_MS / 1000 })
    this.#held.set(holder, held + 1)
    this.#count++
    const gone = new AbortController()
    const signal = AbortSignal.any([gone.signal, this.#stopping.signal])
    const body = Readable.from(this.#written(stream, facts, signal))
    body.once('close', () => {
      gone.abort()
      this.#count--
      const left = (this.#held.get(holder) ?? 1) - 1
      if (left > 0) this.#held.set(holder, left)
      else this.#held.delete(holder)
    })
    return reply
      .code(200)
      .headers({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' })
      .send(body)
  }

  /** All of them, so that the listeners can close. */
  end(): void {
    this.#stopping.abort()
  }

  async *#written({ events }: EventStream, facts: StreamFacts, signal: AbortSignal): AsyncGenerator<string> {
    const { serialize, isAllowed } = facts
    let saidAt = this.#clock.now()
    let checkedAt = saidAt
    // The header goes out at once: a comment says nothing.
    yield ':\n\n'
    for await (const event of events(signal)) {
      const now = this.#clock.now()
      if (now - checkedAt >= STREAM_CHECKED_MS) {
        if (!(await isAllowed())) return
        checkedAt = now
      }
      if (event === null && now - saidAt < STREAM_HEARTBEAT_MS) continue
      saidAt = now
      yield event === null ? ':\n\n' : `id: ${event.id}\ndata: ${serialize(event.data)}\n\n`
    }
  }
}
