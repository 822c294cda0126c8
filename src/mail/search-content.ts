/** Looking for a text in a message's bytes: decoded, in the case-insensitive form of casemap.ts, piece by piece. */
import { casemap } from '../wire/mime/casemap.ts'
import { decodedFieldText } from '../wire/mime/header.ts'
import { parseMessage } from '../wire/mime/parser.ts'
import { searchableHeaders, searchableText } from '../wire/mime/text.ts'
import { Breather } from './breather.ts'

/** `wanted` is in the form of casemap.ts. */
export function searchBody(bytes: Uint8Array, wanted: string): Promise<boolean> {
  return includes(searchableText(parseMessage(bytes), bytes, wanted.length), wanted)
}

export async function searchWhole(bytes: Uint8Array, wanted: string): Promise<boolean> {
  const root = parseMessage(bytes)
  return (
    (await includes(searchableHeaders(root, bytes), wanted)) ||
    (await includes(searchableText(root, bytes, wanted.length), wanted))
  )
}

/** A field of that name with the text in it; with no text, any field of that name (RFC 9051 §6.4.4). */
export async function searchHeaderField(bytes: Uint8Array, field: string, wanted: string): Promise<boolean> {
  const name = field.toLowerCase()
  return parseMessage(bytes)
    .header.filter(each => each.name.toLowerCase() === name)
    .some(each => casemap(decodedFieldText(bytes, each)).includes(wanted))
}

async function includes(texts: Iterable<string>, wanted: string): Promise<boolean> {
  // RFC 9051 §6.4.4: the empty text is in every message, whether or not it has any to read.
  if (wanted === '') return true
  const breather = new Breather()
  for (const text of texts) {
    if (casemap(text).includes(wanted)) return true
    await breather.pause()
  }
  return false
}
