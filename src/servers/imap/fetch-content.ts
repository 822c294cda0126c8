/** The items of FETCH that are made of a message's bytes: BODY[…], RFC822…, BINARY[…], BINARY.SIZE[…] (RFC 9051 §6.4.5). */
import { binaryHeader, binaryNil, binarySize, sectionHeader, sectionNil } from '../../wire/imap/fetch-response.ts'
import type { PartialRange } from '../../wire/imap/section.ts'
import { parseMessage } from '../../wire/mime/parser.ts'
import { decodeSection, findSection } from '../../wire/mime/section.ts'
import type { MimePart } from '../../wire/mime/types.ts'
import { no } from './command.ts'
import { Refusal } from './errors.ts'
import type { ContentItem } from './fetch-plan.ts'

/** Text and bytes of the message, in the order they go out; bytes are not copied. */
export type Pieces = (string | Uint8Array)[]

/**
 * The items, separated by spaces. The message is taken apart only where an item is of a part of it. Throws a Refusal
 * where an item can't be given; nothing was written then.
 */
export function contentPieces(items: readonly ContentItem[], message: Uint8Array): Pieces {
  let root: MimePart | null = null
  const structure = (): MimePart => (root ??= parseMessage(message))
  return items.flatMap((item, index) => {
    const pieces = item.item === 'SECTION' ? section(item, message, structure) : binary(item, message, structure)
    return index === 0 ? pieces : [' ', ...pieces]
  })
}

type SectionItem = Extract<ContentItem, { item: 'SECTION' }>
type BinaryItem = Exclude<ContentItem, SectionItem>

function section(item: SectionItem, message: Uint8Array, structure: () => MimePart): Pieces {
  const whole = item.section.part.length === 0 && item.section.text === 'ALL'
  const found = whole ? message : findSection(structure(), message, item.section)
  if (!found) return [sectionNil(item.name)]
  const bytes = cut(found, item.partial)
  return [sectionHeader(item.name, bytes.length), bytes]
}

function binary(item: BinaryItem, message: Uint8Array, structure: () => MimePart): Pieces {
  const whole = item.part.length === 0
  const decoded = whole ? { kind: 'content' as const, bytes: message } : decodeSection(structure(), message, item.part)
  // RFC 3516 §4.3.
  if (decoded.kind === 'unknown-encoding')
    throw new Refusal(no('A part has a transfer encoding that is not known here', 'UNKNOWN-CTE'))
  if (item.item === 'BINARY.SIZE') return [binarySize(item.part, decoded.kind === 'content' ? decoded.bytes.length : 0)]
  if (decoded.kind === 'missing') return [binaryNil(item.part, item.partial)]
  const bytes = cut(decoded.bytes, item.partial)
  return [binaryHeader(item.part, item.partial, bytes.length, bytes.includes(0)), bytes]
}

/** RFC 9051 §6.4.5: what lies beyond the end is not there; an origin beyond it gives the empty string. */
const cut = (bytes: Uint8Array, partial: PartialRange | null): Uint8Array =>
  partial ? bytes.subarray(partial.offset, partial.offset + partial.length) : bytes
