/**
 * What SORT and THREAD made of messages, kept for the next who asks the same: clients ask again each time they open a mailbox.
 * It stays right for as long as there are just these messages, since nothing that orders or threads them ever changes.
 */
import { ARRANGEMENT_BYTES, ARRANGEMENT_ITSELF_BYTES } from './limits.ts'
import type { MailboxRef } from './messages.ts'

interface Kept {
  uids: Uint32Array
  arranged: Uint32Array
}

export class Arrangements {
  readonly #bytes: number
  /** The one asked for last is at the end. */
  readonly #kept = new Map<string, Kept>()
  #used = 0

  constructor(bytes = ARRANGEMENT_BYTES) {
    this.#bytes = bytes
  }

  /** What `arrange` makes of the messages, or made of the same ones before. `how` names what it does. Nobody may change the result. */
  async of(
    { accountId, mailboxId }: MailboxRef,
    how: string,
    uids: Uint32Array,
    arrange: () => Promise<Uint32Array>,
  ): Promise<Uint32Array> {
    const key = `${accountId} ${mailboxId} ${how}`
    const kept = this.#kept.get(key)
    if (kept && sameUids(kept.uids, uids)) {
      this.#kept.delete(key)
      this.#kept.set(key, kept)
      return kept.arranged
    }
    const arranged = await arrange()
    this.#keep(key, { uids, arranged })
    return arranged
  }

  #keep(key: string, entry: Kept): void {
    this.#forget(key)
    const bytes = bytesOf(key, entry)
    if (bytes > this.#bytes) return
    this.#kept.set(key, entry)
    this.#used += bytes
    for (const oldest of this.#kept.keys()) {
      if (this.#used <= this.#bytes) break
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    const entry = this.#kept.get(key)
    if (!entry) return
    this.#kept.delete(key)
    this.#used -= bytesOf(key, entry)
  }
}

/** Some are of no message at all, and there are millions of orders. */
const bytesOf = (key: string, { uids, arranged }: Kept): number =>
  ARRANGEMENT_ITSELF_BYTES + key.length + uids.byteLength + arranged.byteLength

const sameUids = (a: Uint32Array<ArrayBufferLike>, b: Uint32Array<ArrayBufferLike>): boolean =>
  a.length === b.length && Buffer.compare(bufferOf(a), bufferOf(b)) === 0

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)
