/** The bytes of an object, as they come; where the connection breaks, the next one goes on behind them. */
import { StoreError } from '../../store.ts'
import { maxAnswerBytes, maxObjectBytes } from './limits.ts'

export class Download {
  #data: Uint8Array | null = null
  /** Where nothing tells how much it is; it begins anew where the connection breaks. */
  #parts: Uint8Array[] = []
  #received = 0
  #etag: string | null = null

  headers(): Record<string, string> {
    if (this.#received === 0 || this.#etag === null) return {}
    return { range: `bytes=${this.#received}-`, 'if-match': this.#etag }
  }

  /** Of an object whose length isn't known: what came before. */
  get bytesLeft(): number {
    return this.#data === null ? this.#received : this.#data.byteLength - this.#received
  }

  reset(): void {
    this.#data = null
    this.#parts = []
    this.#received = 0
    this.#etag = null
  }

  /** Where what comes next belongs: behind what is there, or at the beginning. */
  begin({ status, headers }: Response): void {
    const [, from] = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '') ?? []
    if (status === 206 && Number(from) === this.#received && this.#data !== null) return
    if (status === 206) throw new TypeError('another part of the object came than was asked for')
    this.reset()
    const told = lengthOf(headers)
    if (told === null) return
    const length = Number(told)
    if (!Number.isSafeInteger(length) || length > maxObjectBytes) throw tooLarge(`${told} bytes`)
    this.#data = new Uint8Array(length)
    this.#etag = headers.get('etag')
  }

  add(part: Uint8Array): void {
    const received = this.#received + part.byteLength
    if (this.#data === null) {
      if (received > maxObjectBytes) throw tooLarge(`more than ${maxObjectBytes} bytes`)
      this.#parts.push(part)
    } else {
      if (received > this.#data.byteLength) throw new TypeError('more came than was announced')
      this.#data.set(part, this.#received)
    }
    this.#received = received
  }

  end(): Uint8Array {
    if (this.#data === null) return joined(this.#parts, this.#received)
    if (this.#received < this.#data.byteLength) throw new TypeError('the answer ended too soon')
    return this.#data
  }
}

/** Null also where it is that of a packed form, which fetch unpacks. */
function lengthOf(headers: Headers): string | null {
  const isPacked = (headers.get('content-encoding') ?? 'identity') !== 'identity'
  return isPacked ? null : headers.get('content-length')
}

/** In memory of its own, which can be given back. */
function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const data = new Uint8Array(bytes)
  let at = 0
  for (const part of parts) {
    data.set(part, at)
    at += part.byteLength
  }
  return data
}

function tooLarge(bytes: string): StoreError {
  return new StoreError('unavailable', `large messages: an object of ${bytes}`)
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
