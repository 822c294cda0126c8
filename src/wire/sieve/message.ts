/** A message's bytes as scripts see them. Nothing is parsed before a script asks. */
import { decodeCharset, decodeUnlabelled } from '../mime/charset.ts'
import { exactFieldText, readHeader } from '../mime/header.ts'
import { HtmlText } from '../mime/html.ts'
import { parseMessage } from '../mime/parser.ts'
import { decodeInPieces, isKnownEncoding } from '../mime/transfer-encoding.ts'
import type { MimePart } from '../mime/types.ts'
import { BODY_LENGTH, BODY_SLICE } from './limits.ts'
import type { Sliced } from './slices.ts'
import type { HeaderText, SieveMessage, SievePart } from './types.ts'

export function sieveMessage(bytes: Uint8Array, envelope: SieveMessage['envelope']): SieveMessage {
  const once = <T>(make: () => T): (() => T) => {
    let made: { value: T } | null = null
    return () => (made ??= { value: make() }).value
  }
  const scanned = once(() => readHeader(bytes))
  const fields = once(() =>
    scanned().fields.map((field): HeaderText => ({ name: field.name, value: exactFieldText(bytes, field) })),
  )
  const byName = once(() => {
    const texts = new Map<string, string[]>()
    for (const { name, value } of fields()) {
      const list = texts.get(name.toLowerCase())
      if (list) list.push(value)
      else texts.set(name.toLowerCase(), [value])
    }
    return texts
  })
  const hasBody = once(
    () => scanned().bodyStart < bytes.byteLength || /(?:^|\n)\r?\n$/.test(decodeUnlabelled(bytes.subarray(-3))),
  )
  return {
    size: bytes.byteLength,
    envelope,
    fields,
    hasBody,
    header: name => byName().get(name.toLowerCase()) ?? [],
    parts: once(() => [...partsOf(parseMessage(bytes), bytes)]),
    rawBody: once(() => {
      const { bodyStart } = scanned()
      return hasBody() ? decodeUnlabelled(bytes.subarray(bodyStart, bodyStart + BODY_LENGTH)) : null
    }),
  }
}

function* partsOf(part: MimePart, bytes: Uint8Array): Generator<SievePart> {
  yield sievePart(part, bytes)
  for (const child of part.children) yield* partsOf(child, bytes)
  if (part.message !== null) yield* partsOf(part.message, bytes)
}

function sievePart(part: MimePart, bytes: Uint8Array): SievePart {
  const { children, message, encoding, disposition } = part
  const isLeaf = children.length === 0 && message === null
  // RFC 2045 §6.4: what can't be decoded is no text, whatever it says it is.
  const type =
    isLeaf && !isKnownEncoding(encoding) ? 'application/octet-stream' : `${part.type}/${part.subtype}`.toLowerCase()
  let text: string | null = null
  function* decoded(): Sliced<string> {
    return (text ??= yield* decodedText(part, bytes))
  }
  return {
    type,
    *texts() {
      if (message !== null) return [headerText(message, bytes)]
      return children.length > 0 ? aroundParts(part, bytes) : [yield* decoded()]
    },
    *readable() {
      const isHtml = type === 'text/html' || type === 'application/xhtml+xml'
      if (!(isHtml || type.startsWith('text/')) || disposition?.type === 'ATTACHMENT') return []
      const whole = yield* decoded()
      return [isHtml ? yield* withoutTags(whole) : whole]
    },
  }
}

/** Text in its charset; other content as UTF-8 or what comes near (RFC 5173 §5.2). */
function* decodedText({ bodyStart, bodyEnd, encoding, parameters }: MimePart, bytes: Uint8Array): Sliced<string> {
  const body = bytes.subarray(bodyStart, bodyEnd)
  const pieces: Uint8Array[] = []
  let length = 0
  for (const piece of decodeInPieces(body, encoding, BODY_SLICE)) {
    pieces.push(piece)
    length += piece.byteLength
    if (length >= BODY_LENGTH) break
    yield
  }
  const charset = parameters.find(([name]) => name === 'CHARSET')?.[1] ?? null
  return decodeCharset(Buffer.concat(pieces).subarray(0, BODY_LENGTH), charset)
}

function* withoutTags(text: string): Sliced<string> {
  const html = new HtmlText()
  let readable = ''
  for (let at = 0; at < text.length; at += BODY_SLICE) {
    readable += html.push(text.slice(at, at + BODY_SLICE))
    yield
  }
  return readable + html.end()
}

/** RFC 5173 §5.2: of a message inside, its fields, not the empty line behind them. */
function headerText({ headerStart, bodyStart }: MimePart, bytes: Uint8Array): string {
  return decodeUnlabelled(bytes.subarray(headerStart, bodyStart)).replace(/(^|\n)\r?\n$/, '$1')
}

/** RFC 5173 §5.2: of a multipart, what stands before its first part and behind its last. */
function aroundParts({ bodyStart, bodyEnd, children }: MimePart, bytes: Uint8Array): string[] {
  const before = bytes.subarray(bodyStart, children[0]!.headerStart)
  const behind = bytes.subarray(children.at(-1)!.bodyEnd, bodyEnd)
  return [before, behind].map(piece => decodeUnlabelled(piece).replace(/(?:^|\r?\n)--.*(?:\r?\n|$)/g, ''))
}
