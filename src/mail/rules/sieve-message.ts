/** A message as its scripts see it. Nothing is parsed or decoded before a script asks. */
import { decodeCharset, decodeUnlabelled } from '../../wire/mime/charset.ts'
import { fieldText, readHeader, type ScannedHeader } from '../../wire/mime/header.ts'
import { HtmlText } from '../../wire/mime/html.ts'
import { parseMessage } from '../../wire/mime/parser.ts'
import { decodeTransferEncoding } from '../../wire/mime/transfer-encoding.ts'
import type { HeaderField, MimePart } from '../../wire/mime/types.ts'
import type { SieveMessage, SievePart } from '../../wire/sieve/types.ts'
import type { HeaderTexts } from './automatic.ts'

/** Octets of a part that are decoded for a test: what lies behind is no text for people. */
const PART_BYTES = 1024 * 1024

/** `bytes`: as the account gets it. */
export function sieveMessage(bytes: Uint8Array, envelope: SieveMessage['envelope']): SieveMessage {
  const scanned = once(() => readHeader(bytes))
  const header = once(() => headerTexts(bytes, scanned()))
  return {
    size: bytes.length,
    envelope,
    header: name => header()(name),
    fields: () => scanned().fields.map(field => ({ name: field.name, value: fieldText(bytes, field) })),
    parts: once(() => [...partsOf(parseMessage(bytes), bytes)]),
    rawBody: () => decodeUnlabelled(bytes.subarray(scanned().bodyStart)),
  }
}

/** Read once, asked by name. */
export function headerTexts(bytes: Uint8Array, { fields }: ScannedHeader = readHeader(bytes)): HeaderTexts {
  const named = new Map<string, HeaderField[]>()
  for (const field of fields) {
    const name = field.name.toLowerCase()
    const same = named.get(name)
    if (same) same.push(field)
    else named.set(name, [field])
  }
  return name => (named.get(name.toLowerCase()) ?? []).map(field => fieldText(bytes, field))
}

function* partsOf(part: MimePart, bytes: Uint8Array): Generator<SievePart> {
  const type = `${part.type}/${part.subtype}`.toLowerCase()
  const texts = once(() => textsOf(part, bytes))
  yield { type, texts, readable: () => (part.type === 'TEXT' ? readableOf(part, texts().join('')) : null) }
  for (const child of part.children) yield* partsOf(child, bytes)
  if (part.message) yield* partsOf(part.message, bytes)
}

function textsOf(part: MimePart, bytes: Uint8Array): string[] {
  // RFC 5173 §5.2: of a message inside its header; of a multipart what stands before and behind its parts.
  if (part.message) return [decodeUnlabelled(bytes.subarray(part.message.headerStart, part.message.bodyStart))]
  const [first, last] = [part.children.at(0), part.children.at(-1)]
  if (first && last)
    return [bytes.subarray(part.bodyStart, first.headerStart), bytes.subarray(last.bodyEnd, part.bodyEnd)].map(around =>
      decodeUnlabelled(around.subarray(0, PART_BYTES)),
    )
  const body = bytes.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + PART_BYTES))
  const content = decodeTransferEncoding(body, part.encoding) ?? body
  if (part.type !== 'TEXT') return [decodeUnlabelled(content)]
  const charset = part.parameters.find(([name]) => name === 'CHARSET')?.[1] ?? null
  return [charset === null ? decodeUnlabelled(content) : decodeCharset(content, charset)]
}

function readableOf({ subtype }: MimePart, text: string): string {
  if (subtype !== 'HTML') return text
  const html = new HtmlText()
  return html.push(text) + html.end()
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => (made ??= { value: make() }).value
}
