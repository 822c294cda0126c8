/** Messages' bytes in order, read from the store a little ahead of their use. */
import { BODIES_AHEAD, BODY_BYTES_AHEAD } from './limits.ts'

export interface BodySource {
  blobHash: string
  sizeBytes: number
}

export class BodiesAhead {
  readonly #messages: readonly BodySource[]
  readonly #read: (blobHash: string) => Promise<Uint8Array>
  readonly #coming = new Map<number, Promise<Uint8Array>>()
  #bytesComing = 0
  #next = 0

  constructor(messages: readonly BodySource[], read: (blobHash: string) => Promise<Uint8Array>) {
    this.#messages = messages
    this.#read = read
  }

  /** The bytes of the message at an index; indexes ascend from call to call. */
  of(index: number): Promise<Uint8Array> {
    this.#next = Math.max(this.#next, index)
    while (this.#next < this.#messages.length && this.#hasRoom(this.#messages[this.#next]!)) this.#ask(this.#next++)
    const bytes = this.#coming.get(index) ?? this.#read(this.#messages[index]!.blobHash)
    for (const each of this.#coming.keys())
      if (each <= index) {
        this.#coming.delete(each)
        this.#bytesComing -= this.#messages[each]!.sizeBytes
      }
    return bytes
  }

  #hasRoom({ sizeBytes }: BodySource): boolean {
    return (
      this.#coming.size === 0 || (this.#coming.size < BODIES_AHEAD && this.#bytesComing + sizeBytes <= BODY_BYTES_AHEAD)
    )
  }

  #ask(index: number): void {
    const { blobHash, sizeBytes } = this.#messages[index]!
    const bytes = this.#read(blobHash)
    // Those behind one that ends the command are not waited for.
    bytes.catch(() => {})
    this.#coming.set(index, bytes)
    this.#bytesComing += sizeBytes
  }
}
