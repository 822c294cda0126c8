/** The items of FETCH that are made of a message's bytes: BODY[…], RFC822…, BINARY[…], BINARY.SIZE[…] (RFC 9051 §6.4.5). */
import { binaryHeader, binaryNil, binarySize, sectionHeader, sectionNil } from '../../wire/imap/fetch-response.ts'
import type { PartialRange } from '../../wire/imap/section.ts'
import { parseMessage } from '../../wire/mime/parser.ts'
import {
  type DecodedSection,
  decodeSection,
  findMessageSection,
  findSection,
  isDecodable,
} from '../../wire/mime/section.ts'
import type { MimePart } from '../../wire/mime/types.ts'
import { no } from './command.ts'
import { Refusal } from './errors.ts'
import type { ContentItem } from './fetch-plan.ts'

/** Text and bytes of the message, in the order they go out; bytes are not copied. */
export type Pieces = (string | Uint8Array)[]

type SectionItem = Extract<ContentItem, { item: 'SECTION' }>
type BinaryItem = Exclude<ContentItem, SectionItem>

/**
 * What is asked of one message. It is taken apart only where an item is of a part of it, and each part is decoded once,
 * however often it is asked for.
 */
export class MessageContent {
  readonly #message: Uint8Array
  readonly #decoded = new Map<string, DecodedSection>()
  #root: MimePart | null = null

  /** Throws a Refusal where one of the items can't be given. */
  constructor(message: Uint8Array, items: readonly ContentItem[]) {
    this.#message = message
    // RFC 3516 §4.3.
    for (const item of items)
      if (item.item !== 'SECTION' && item.part.length > 0 && !isDecodable(this.#structure(), item.part))
        throw new Refusal(no('A part has a transfer encoding that is not known here', 'UNKNOWN-CTE'))
  }

  pieces(item: ContentItem): Pieces {
    return item.item === 'SECTION' ? this.#section(item) : this.#binary(item)
  }

  #structure(): MimePart {
    return (this.#root ??= parseMessage(this.#message))
  }

  #section(item: SectionItem): Pieces {
    const found = this.#find(item.section)
    if (!found) return [sectionNil(item.name)]
    const bytes = cut(found, item.partial)
    return [sectionHeader(item.name, bytes.length), bytes]
  }

  #find(section: SectionItem['section']): Uint8Array | null {
    return section.part.length === 0
      ? findMessageSection(this.#message, section)
      : findSection(this.#structure(), this.#message, section)
  }

  #binary(item: BinaryItem): Pieces {
    const decoded = this.#decode(item.part)
    const bytes = decoded.kind === 'content' ? decoded.bytes : null
    if (item.item === 'BINARY.SIZE') return [binarySize(item.part, bytes?.length ?? 0)]
    if (!bytes) return [binaryNil(item.part, item.partial)]
    const asked = cut(bytes, item.partial)
    return [binaryHeader(item.part, item.partial, asked.length, asked.includes(0)), asked]
  }

  #decode(part: readonly number[]): DecodedSection {
    if (part.length === 0) return { kind: 'content', bytes: this.#message }
    const path = part.join('.')
    const known = this.#decoded.get(path)
    if (known) return known
    const decoded = decodeSection(this.#structure(), this.#message, part)
    this.#decoded.set(path, decoded)
    return decoded
  }
}

/** RFC 9051 §6.4.5: what lies beyond the end is not there; an origin beyond it gives the empty string. */
const cut = (bytes: Uint8Array, partial: PartialRange | null): Uint8Array =>
  partial ? bytes.subarray(partial.offset, partial.offset + partial.length) : bytes
