/**
 * The way out of one connection: what a session writes in one turn leaves in one piece, and no more leaves than the
 * client takes.
 *
 * Invariants: order is kept; a piece is at most `SLICE_BYTES`, so that a slow client shows progress slice by slice and
 * TLS never encrypts a whole message in one turn; the queue holds what the sink did not take yet.
 */
import type { Writable } from 'node:stream'
import { freeWholeMemory } from '../wire/memory.ts'

/** The pieces that go to the socket, and how much may wait before a writer is asked to. */
export const SLICE_BYTES = 64 * 1024
/** Below it, a copy into a common piece costs less than a write of its own. */
const COPY_BYTES = 16 * 1024

/** The connection is gone: what a session still writes goes nowhere, so that its work ends. Never logged as an error. */
export class ConnectionClosed extends Error {
  override name = 'ConnectionClosed'
  constructor() {
    super('The connection is closed')
  }
}

const WRITTEN = Promise.resolve()

export interface OutgoingEvents {
  /** The sink takes no more: the client has to read first. */
  blocked(): void
  /** The client took a slice. */
  progressed(): void
  /** The client took all that had been held up. */
  unblocked(): void
  /** Something is written although more than the limit waits. */
  overflowed(): void
}

export class Outgoing {
  readonly #events: OutgoingEvents
  readonly #maxBytes: number
  #sink: Writable
  /** Called when a turn's output is complete: DEFLATE then flushes. */
  #afterTurn: (() => void) | null = null
  #queue: (string | Uint8Array)[] = []
  /** Memory of chunks in the queue that nobody else has. */
  readonly #alone = new Set<ArrayBufferLike>()
  /** The same, of the piece taken from the queue last, where it is the end of its chunk. */
  #used: Uint8Array | null = null
  #bytes = 0
  #scheduled = false
  #blocked = false
  #closed = false
  #waiting: { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } | null = null

  constructor(sink: Writable, maxBytes: number, events: OutgoingEvents) {
    this.#sink = sink
    this.#maxBytes = maxBytes
    this.#events = events
  }

  get blocked(): boolean {
    return this.#blocked
  }

  /** `isAlone`: see `Connection.write`. */
  write(chunk: string | Uint8Array, isAlone = false): Promise<void> {
    if (this.#closed) return refused()
    const waiting = this.#bytes
    this.#queue.push(chunk)
    if (isAlone && typeof chunk !== 'string') this.#alone.add(chunk.buffer)
    this.#bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length
    if (!this.#scheduled && !this.#blocked) this.#schedule()
    if (this.#bytes <= SLICE_BYTES && !this.#blocked) return WRITTEN
    // One chunk may be larger: a message that is in memory already.
    if (waiting > this.#maxBytes) {
      this.#events.overflowed()
      return refused()
    }
    return this.drained()
  }

  /** Resolves when the sink has taken all; rejects with ConnectionClosed. */
  drained(): Promise<void> {
    if (this.#closed) return refused()
    if (this.#queue.length === 0 && !this.#blocked) return WRITTEN
    this.#waiting ??= handled(Promise.withResolvers<void>())
    return this.#waiting.promise
  }

  /** Later bytes go through `sink`; what was written before has to be `drained()`. */
  redirect(sink: Writable, afterTurn: (() => void) | null): void {
    this.#sink = sink
    this.#afterTurn = afterTurn
    this.#blocked = false
  }

  /** Sends what waits now rather than at the end of the turn. */
  flush(): void {
    this.#scheduled = false
    if (this.#closed || this.#blocked) return
    if (this.#queue.length > 0) this.#feed()
    if (this.#queue.length === 0 && !this.#blocked) this.#settle()
  }

  #feed(): void {
    const sink = this.#sink
    sink.cork()
    while (this.#queue.length > 0 && !this.#blocked) {
      const piece = this.#nextPiece()
      const used = this.#used
      this.#used = null
      // The sink may keep a piece until it says that it has left, and for good where it fails.
      this.#blocked = used
        ? !sink.write(piece, error => {
            if (!error) freeWholeMemory(used)
          })
        : !sink.write(piece)
    }
    sink.uncork()
    this.#afterTurn?.()
    if (!this.#blocked) return
    sink.once('drain', this.#onDrain)
    this.#events.blocked()
  }

  close(): void {
    this.#closed = true
    this.#queue = []
    this.#alone.clear()
    this.#bytes = 0
    this.#waiting?.reject(new ConnectionClosed())
    this.#waiting = null
  }

  #onDrain = (): void => {
    if (!this.#blocked || this.#closed) return
    this.#blocked = false
    this.#events.progressed()
    this.flush()
    if (!this.#blocked) this.#events.unblocked()
  }

  #settle(): void {
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.resolve()
  }

  #schedule(): void {
    this.#scheduled = true
    process.nextTick(flushNow, this)
  }

  /** Takes from the queue: a slice of a large chunk, or a run of small ones as one. */
  #nextPiece(): Uint8Array {
    const first = this.#queue[0]!
    if (typeof first === 'string' || first.length <= COPY_BYTES) return this.#gather()
    if (first.length <= SLICE_BYTES) {
      this.#queue.shift()
      if (this.#alone.delete(first.buffer)) this.#used = first
    } else this.#queue[0] = first.subarray(SLICE_BYTES)
    return this.#taken(first.subarray(0, SLICE_BYTES))
  }

  #gather(): Uint8Array {
    const parts: Uint8Array[] = []
    let bytes = 0
    for (const chunk of this.#queue) {
      const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      if (parts.length > 0 && (bytes + part.length > SLICE_BYTES || part.length > COPY_BYTES)) break
      parts.push(part)
      bytes += part.length
    }
    this.#queue.splice(0, parts.length)
    const piece = parts.length === 1 ? parts[0]! : Buffer.concat(parts, bytes)
    for (const part of parts) {
      if (!this.#alone.delete(part.buffer)) continue
      if (part === piece) this.#used = part
      else freeWholeMemory(part)
    }
    // A long string: the rest of its bytes goes back into the queue, to leave by slices.
    if (piece.length > SLICE_BYTES) this.#queue.unshift(piece.subarray(SLICE_BYTES))
    return this.#taken(piece.subarray(0, SLICE_BYTES))
  }

  #taken(piece: Uint8Array): Uint8Array {
    this.#bytes -= piece.length
    return piece
  }
}

function flushNow(outgoing: Outgoing): void {
  outgoing.flush()
}

/** Whoever doesn't await a write must not end the process when the client leaves. */
function handled<T extends { promise: Promise<void> }>(deferred: T): T {
  deferred.promise.catch(() => {})
  return deferred
}

/** What a write to a connection that is gone, or about to go, comes to. */
export function refused(): Promise<void> {
  const promise = Promise.reject(new ConnectionClosed())
  promise.catch(() => {})
  return promise
}
