/** The text of a message: as it is kept, and looked through without keeping it. Both have the same pieces. */
import type { TextParts } from '../../store/types/texts.ts'
import { casemap, casemapPieces } from '../../wire/mime/casemap.ts'
import { readHeader } from '../../wire/mime/header.ts'
import { parseMessage } from '../../wire/mime/parser.ts'
import { searchableHeader, searchablePartHeaders, searchableTexts } from '../../wire/mime/text.ts'
import type { MimePart } from '../../wire/mime/types.ts'
import { KEPT_BYTES } from './limits.ts'

const END = Buffer.from([0xff])

/** null where it is too much. */
export function textOf(bytes: Uint8Array): TextParts | null {
  const root = parseMessage(bytes)
  let left = KEPT_BYTES
  const joined = (texts: Iterable<Iterable<string>>): Uint8Array | null => {
    const pieces: Buffer[] = []
    for (const text of texts) {
      for (const piece of casemapPieces(text)) {
        const bytes = Buffer.from(piece)
        left -= bytes.length
        if (left < 0) return null
        pieces.push(bytes)
      }
      pieces.push(END)
    }
    return Buffer.concat(pieces)
  }
  const header = joined(single(searchableHeader(root, bytes)))
  const partHeaders = header && joined(single(searchablePartHeaders(root, bytes)))
  const body = partHeaders && joined(searchableTexts(root, bytes))
  return body && { header, partHeaders, body }
}

/** A message that is read because it is searched; each of its texts as often as it is asked for. */
export class ReadMessage {
  readonly #bytes: Uint8Array
  #root: MimePart | null = null

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** `wanted` is in the form of casemap.ts, like the texts below. */
  hasInBody(wanted: string): boolean {
    return isIn(searchableTexts(this.#parsed, this.#bytes), wanted)
  }

  has(wanted: string): boolean {
    return (
      isIn(single(searchableHeader(this.#parsed, this.#bytes)), wanted) ||
      isIn(single(searchablePartHeaders(this.#parsed, this.#bytes)), wanted) ||
      this.hasInBody(wanted)
    )
  }

  /** A field of that name with the text in it. */
  hasField(name: string, wanted: string): boolean {
    const start = `${name}: `
    for (const line of headerLines(this.#bytes)) {
      const text = casemap(line)
      if (text.startsWith(start) && text.includes(wanted, start.length)) return true
    }
    return false
  }

  get #parsed(): MimePart {
    return (this.#root ??= parseMessage(this.#bytes))
  }
}

/** Without a look at the rest of the message. */
function headerLines(bytes: Uint8Array): Iterable<string> {
  return searchableHeader({ header: readHeader(bytes).fields }, bytes)
}

function* single(texts: Iterable<string>): Generator<[string]> {
  for (const text of texts) yield [text]
}

function isIn(texts: Iterable<Iterable<string>>, wanted: string): boolean {
  for (const text of texts) {
    let tail = ''
    for (const piece of casemapPieces(text)) {
      const joined = tail + piece
      if (joined.includes(wanted)) return true
      tail = wanted.length > 1 ? joined.slice(1 - wanted.length) : ''
    }
  }
  return false
}
