/**
 * Whole pieces of bytes over a pipe between two processes of one service, in order: each behind its length and a number that
 * says what it is. Whoever is at the other end is one of us, so that nothing is limited here.
 */
import type { Duplex } from 'node:stream'

export interface LineEnds {
  /** `bytes` lie in memory of their own, which may be given to a thread. */
  heard(kind: number, bytes: Uint8Array<ArrayBuffer>): void
  /** The other end is gone; nothing is heard from now on. */
  closed(): void
}

/** Four bytes of length, big-endian, and one of the kind. */
const HEAD_BYTES = 5

export class Line {
  readonly #socket: Duplex
  readonly #ends: LineEnds
  readonly #head = Buffer.alloc(HEAD_BYTES)
  #headFilled = 0
  #body: Buffer<ArrayBuffer> | null = null
  #bodyFilled = 0
  #corked = false
  #closed = false

  constructor(socket: Duplex, ends: LineEnds) {
    this.#socket = socket
    this.#ends = ends
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    // A process that was killed: that it is gone is told by 'close'.
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.destroy())
    socket.on('close', () => {
      if (this.#closed) return
      this.#closed = true
      ends.closed()
    })
  }

  /** Dropped where the other end is gone, of which `closed` tells. What is sent in one turn of the loop is written together. */
  send(kind: number, bytes: Uint8Array): void {
    if (this.#closed || this.#socket.destroyed) return
    if (!this.#corked) {
      this.#corked = true
      this.#socket.cork()
      setImmediate(() => {
        this.#corked = false
        this.#socket.uncork()
      })
    }
    const head = Buffer.allocUnsafe(HEAD_BYTES)
    head.writeUInt32BE(bytes.byteLength)
    head.writeUInt8(kind, HEAD_BYTES - 1)
    this.#socket.write(head)
    this.#socket.write(bytes)
  }

  /** Writes what was sent, then hangs up. */
  close(): void {
    this.#socket.end()
  }

  #read(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#body === null) {
        const taken = chunk.copy(this.#head, this.#headFilled, at)
        at += taken
        this.#headFilled += taken
        if (this.#headFilled < HEAD_BYTES) return
        this.#headFilled = 0
        this.#body = Buffer.from(new ArrayBuffer(this.#head.readUInt32BE()))
        this.#bodyFilled = 0
      } else {
        const taken = chunk.copy(this.#body, this.#bodyFilled, at)
        at += taken
        this.#bodyFilled += taken
      }
      if (this.#bodyFilled < this.#body.length) continue
      const body = this.#body
      this.#body = null
      this.#ends.heard(this.#head.readUInt8(HEAD_BYTES - 1), new Uint8Array(body.buffer))
    }
  }
}
