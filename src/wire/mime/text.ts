/**
 * The readable text of a message, for SEARCH and for previews (RFC 8970). Text comes in pieces, so that a large part is
 * never decoded at once and a caller can let others run between two of them.
 */
import { isAscii, isUtf8 } from 'node:buffer'
import { decoderFor, decodeUnlabelled } from './charset.ts'
import { decodeEncodedWords } from './encoded-word.ts'
import { decodedFieldText } from './header.ts'
import { HtmlText } from './html.ts'
import { PREVIEW_BYTES, PREVIEW_CHARACTERS, PREVIEW_PIECE_BYTES, SEARCH_PIECE_BYTES } from './limits.ts'
import { decodeInPieces } from './transfer-encoding.ts'
import type { MimePart } from './types.ts'

/**
 * The decoded texts of the body, each in pieces that may be empty: all text parts, HTML without its tags, the fields of
 * messages inside, and what else has the type message, as reports of delivery.
 */
export function* searchableTexts(root: MimePart, bytes: Uint8Array): Generator<Iterable<string>> {
  for (const part of leaves(root)) {
    if (part.message !== null) {
      for (const line of headerLines(part.message, bytes)) yield [line]
      yield* searchableTexts(part.message, bytes)
      // RFC 9051 §6.4.4: only types other than text and message may be left out.
    } else if (part.type === 'TEXT' || part.type === 'MESSAGE') yield readableText(part, bytes, SEARCH_PIECE_BYTES)
  }
}

/** The decoded fields of the message's own header, one by one as `Name: value`. */
export function searchableHeader(root: Pick<MimePart, 'header'>, bytes: Uint8Array): Generator<string> {
  return headerLines(root, bytes)
}

/**
 * What else a search of the whole message looks at (RFC 9051 §6.4.4, TEXT): the fields of all its parts, of multiparts and of
 * those inside messages too, and names of files. Fields of messages inside are among the texts.
 */
export function* searchablePartHeaders(root: MimePart, bytes: Uint8Array): Generator<string> {
  for (const [, value] of [...root.parameters, ...(root.disposition?.parameters ?? [])]) yield decodeEncodedWords(value)
  for (const child of root.children) {
    yield* headerLines(child, bytes)
    yield* searchablePartHeaders(child, bytes)
  }
  if (root.message !== null) yield* searchablePartHeaders(root.message, bytes)
}

function* headerLines(part: Pick<MimePart, 'header'>, bytes: Uint8Array): Generator<string> {
  for (const field of part.header) yield `${field.name}: ${decodedFieldText(bytes, field)}`
}

function* leaves(part: MimePart): Generator<MimePart> {
  if (part.children.length === 0) yield part
  for (const child of part.children) yield* leaves(child)
}

/** A text part decoded, made of at most `pieceBytes` of its body at a time. */
function* readableText(part: MimePart, bytes: Uint8Array, pieceBytes: number): Generator<string> {
  const body = bytes.subarray(part.bodyStart, part.bodyEnd)
  const html = part.subtype === 'HTML' ? new HtmlText() : null
  let decoder = decoderFor(part.parameters.find(([name]) => name === 'CHARSET')?.[1] ?? null)
  for (const piece of decodeInPieces(body, part.encoding, pieceBytes)) {
    // Without a charset the first bytes that are not ASCII tell.
    if (decoder === null && !isAscii(piece)) decoder = new TextDecoder(isUtf8Text(piece) ? 'utf-8' : 'windows-1252')
    const text = decoder === null ? decodeUnlabelled(piece) : decoder.decode(piece, { stream: true })
    yield html === null ? text : html.push(text)
  }
  const rest = decoder?.decode() ?? ''
  const last = html === null ? rest : html.push(rest) + html.end()
  if (last !== '') yield last
}

/** The last character may continue in the next piece; a single one that seems to tells nothing. */
function isUtf8Text(piece: Uint8Array): boolean {
  if (isUtf8(piece)) return true
  return [1, 2, 3].some(cut => {
    const whole = piece.subarray(0, Math.max(0, piece.length - cut))
    return isUtf8(whole) && !isAscii(whole)
  })
}

/** The beginning of what the message says, on one line; empty where it has no text to read. */
export function preview(root: MimePart, bytes: Uint8Array): string {
  for (const part of readableParts(root)) {
    let text = ''
    let read = 0
    for (const piece of readableText(part, bytes, PREVIEW_PIECE_BYTES)) {
      text = collapse(text + piece)
      read += PREVIEW_PIECE_BYTES
      if (text.length > PREVIEW_CHARACTERS || read >= PREVIEW_BYTES) break
    }
    text = text.trim()
    if (text !== '') return firstCharacters(text)
  }
  return ''
}

/** The texts a reader sees first; of alternatives the plain one. */
function* readableParts(part: MimePart): Generator<MimePart> {
  if (part.disposition?.type === 'ATTACHMENT') return
  if (part.type === 'TEXT' && (part.subtype === 'PLAIN' || part.subtype === 'HTML')) yield part
  const isPlain = (child: MimePart): boolean => child.type === 'TEXT' && child.subtype === 'PLAIN'
  const children =
    part.subtype === 'ALTERNATIVE'
      ? [...part.children.filter(isPlain), ...part.children.filter(child => !isPlain(child))]
      : part.children
  for (const child of children) yield* readableParts(child)
}

/** White space to one space; controls and the invisible characters that newsletters pad their first line with are left out. */
function collapse(text: string): string {
  return text
    .replace(/(?:\u034f|[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff])+/g, '')
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
}

function firstCharacters(text: string): string {
  const cut = text.slice(0, PREVIEW_CHARACTERS)
  // Not between the two halves of a character beyond U+FFFF.
  return (/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut).trim()
}
