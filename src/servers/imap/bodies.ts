/** Messages' bytes in order, read from the store a little ahead of their use, as far as there is memory for them. */
import { UNCOUNTED_BYTES } from '../limits.ts'
import type { MessageShare } from '../message-budget.ts'
import { BODIES_AHEAD, BODY_BYTES_AHEAD } from './limits.ts'

export interface BodySource {
  blobHash: string
  sizeBytes: number
}

export class BodiesAhead {
  readonly #messages: readonly BodySource[]
  readonly #read: (blobHash: string) => Promise<Uint8Array>
  readonly #share: Pick<MessageShare, 'hold' | 'isFree' | 'take'>
  readonly #most: number
  readonly #coming = new Map<number, Promise<Uint8Array>>()
  #bytesComing = 0
  #bytesUsed = 0
  #next = 0

  constructor(
    messages: readonly BodySource[],
    read: (blobHash: string) => Promise<Uint8Array>,
    share: Pick<MessageShare, 'hold' | 'isFree' | 'take'>,
    most = BODIES_AHEAD,
  ) {
    this.#messages = messages
    this.#read = read
    this.#share = share
    this.#most = most
  }

  /** The bytes of the message at an index; indexes ascend from call to call. Those of the call before are used up. */
  async of(index: number): Promise<Uint8Array> {
    this.#bytesUsed = 0
    for (const each of this.#coming.keys()) if (each < index) this.#forget(each)
    this.#next = Math.max(this.#next, index)
    this.#count()
    if (!this.#coming.has(index)) {
      const { sizeBytes } = this.#messages[index]!
      // Most are smaller, and wait for nobody.
      if (sizeBytes > UNCOUNTED_BYTES) await this.#share.take(this.#bytesComing + sizeBytes)
      this.#ask(this.#next++)
    }
    while (this.#next < this.#messages.length && this.#share.isFree && this.#hasRoom(this.#messages[this.#next]!))
      this.#ask(this.#next++)
    const bytes = this.#coming.get(index)!
    this.#bytesUsed = this.#messages[index]!.sizeBytes
    this.#forget(index)
    this.#count()
    return bytes
  }

  #hasRoom({ sizeBytes }: BodySource): boolean {
    return this.#coming.size < this.#most && this.#bytesComing + sizeBytes <= BODY_BYTES_AHEAD
  }

  #ask(index: number): void {
    const { blobHash, sizeBytes } = this.#messages[index]!
    const bytes = this.#read(blobHash)
    // Those behind one that ends the command are not waited for.
    bytes.catch(() => {})
    this.#coming.set(index, bytes)
    this.#bytesComing += sizeBytes
    this.#count()
  }

  #forget(index: number): void {
    if (this.#coming.delete(index)) this.#bytesComing -= this.#messages[index]!.sizeBytes
  }

  #count(): void {
    this.#share.hold(this.#bytesComing + this.#bytesUsed)
  }
}
