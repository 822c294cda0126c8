/**
 * Answers on their way to the client: gathered over the turns of the event loop that making them takes, so that they
 * leave in few pieces, and in order.
 */
import type { Connection } from '../connection.ts'
import { GATHERED_BYTES } from './limits.ts'

export class Output {
  readonly #connection: Pick<Connection, 'write'>
  #text = ''
  #pieces: (string | Uint8Array)[] = []
  #piecesBytes = 0
  readonly #alone = new Set<Uint8Array>()
  #soon: NodeJS.Immediate | null = null
  /** The client has not taken what the loop's turn wrote. */
  #late: Promise<void> | null = null
  /** Bytes written so far. */
  written = 0

  constructor(connection: Pick<Connection, 'write'>) {
    this.#connection = connection
  }

  text(text: string): void {
    this.#text += text
  }

  /** Bytes of a message; kept by reference until they are written. `isAlone`: see `Connection.write`. */
  bytes(bytes: Uint8Array, isAlone = false): void {
    this.#endText()
    if (isAlone) this.#alone.add(bytes)
    this.#pieces.push(bytes)
    this.#piecesBytes += bytes.length
  }

  /** Writes what is gathered once it is much; to be awaited between the parts of a long answer, and between answers. */
  drain(): Promise<void> | undefined {
    return this.#text.length + this.#piecesBytes >= GATHERED_BYTES ? this.flush() : (this.#late ?? undefined)
  }

  /** Writes what is gathered when the loop turns, where nothing did before: answers don't wait for what takes longer than a turn. */
  flushSoon(): void {
    this.#soon ??= setImmediate(() => {
      this.#soon = null
      const late = this.flush()
      this.#late = late
      const end = (): void => {
        if (this.#late === late) this.#late = null
      }
      // Whoever drains or writes next hears that the connection is gone.
      late.then(end, end)
    })
  }

  /** Writes all that is gathered; resolves when the client keeps up. */
  async flush(): Promise<void> {
    this.#endText()
    const pieces = this.#pieces
    if (pieces.length === 0) return this.#late ?? undefined
    this.#pieces = []
    this.written += this.#piecesBytes
    this.#piecesBytes = 0
    let accepted: Promise<void> | undefined
    for (const piece of pieces) accepted = this.#write(piece)
    await accepted
  }

  #write(piece: string | Uint8Array): Promise<void> {
    return this.#connection.write(piece, typeof piece !== 'string' && this.#alone.delete(piece))
  }

  #endText(): void {
    if (this.#text === '') return
    this.#pieces.push(this.#text)
    this.#piecesBytes += Buffer.byteLength(this.#text)
    this.#text = ''
  }
}
