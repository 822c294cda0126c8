/** The blobs read last, whole: a client fetches a message in parts, and the header before the rest. */
export class BlobCache {
  readonly #maxBytes: number
  readonly #blobs = new Map<string, Uint8Array>()
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get(hash: string): Uint8Array | undefined {
    const blob = this.#blobs.get(hash)
    if (blob) {
      // A map keeps the order of insertion: the last one used goes to its end.
      this.#blobs.delete(hash)
      this.#blobs.set(hash, blob)
    }
    return blob
  }

  put(hash: string, blob: Uint8Array): void {
    // One giant must not push out everything else.
    if (blob.byteLength > this.#maxBytes / 2 || this.#blobs.has(hash)) return
    this.#blobs.set(hash, blob)
    this.#bytes += blob.byteLength
    for (const [oldest, { byteLength }] of this.#blobs) {
      if (this.#bytes <= this.#maxBytes) break
      this.#blobs.delete(oldest)
      this.#bytes -= byteLength
    }
  }
}
