/** The bytes of an object, as they come; where the connection breaks, the next one goes on behind them. */
import { StoreError } from '../../store.ts'
import { maxAnswerBytes, maxObjectBytes } from './limits.ts'

export class Download {
  #data: Uint8Array | null = null
  #received = 0
  #etag: string | null = null

  headers(): Record<string, string> {
    if (this.#received === 0 || this.#etag === null) return {}
    return { range: `bytes=${this.#received}-`, 'if-match': this.#etag }
  }

  /** Of an object whose length isn't known yet: none. */
  get bytesLeft(): number {
    return this.#data === null ? 0 : this.#data.byteLength - this.#received
  }

  reset(): void {
    this.#data = null
    this.#received = 0
    this.#etag = null
  }

  /** Where what comes next belongs: behind what is there, or at the beginning. */
  begin({ status, headers }: Response): void {
    const [, from] = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '') ?? []
    if (status === 206 && Number(from) === this.#received && this.#data !== null) return
    if (status === 206) throw new TypeError('another part of the object came than was asked for')
    this.reset()
    const length = Number(headers.get('content-length') ?? Number.NaN)
    if (!Number.isSafeInteger(length) || length > maxObjectBytes)
      throw new StoreError('unavailable', `large messages: an object of ${headers.get('content-length')} bytes`)
    this.#data = new Uint8Array(length)
    this.#etag = headers.get('etag')
  }

  add(part: Uint8Array): void {
    if (this.#data === null || this.#received + part.byteLength > this.#data.byteLength)
      throw new TypeError('more came than was announced')
    this.#data.set(part, this.#received)
    this.#received += part.byteLength
  }

  end(): Uint8Array {
    if (this.#data === null || this.#received < this.#data.byteLength) throw new TypeError('the answer ended too soon')
    return this.#data
  }
}

export async function bodyInto(response: Response, download: Download): Promise<Uint8Array> {
  download.begin(response)
  if (response.body) for await (const part of response.body as AsyncIterable<Uint8Array>) download.add(part)
  return download.end()
}

export async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  if (response.body)
    for await (const part of response.body as AsyncIterable<Uint8Array>) {
      bytes += part.byteLength
      if (bytes > maxAnswerBytes) break
      parts.push(part)
    }
  return Buffer.concat(parts).toString()
}
