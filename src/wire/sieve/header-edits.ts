/** Makes the header edits of a run in the bytes of the message; what is not changed stays as it is, byte for byte. */
import { encodeWords } from '../mime/encoded-word.ts'
import { foldHeader } from '../mime/fields.ts'
import { readHeader } from '../mime/header.ts'
import { editFields } from './header-view.ts'
import type { HeaderEdit } from './types.ts'

export function applyHeaderEdits(bytes: Uint8Array, edits: readonly HeaderEdit[]): Uint8Array {
  if (edits.length === 0) return bytes
  const { fields, bodyStart } = readHeader(bytes)
  let pieces: Uint8Array[] = fields.map(({ start, end }) => bytes.subarray(start, end))
  for (const edit of edits)
    pieces = editFields(pieces, edit, ({ name, value }) => Buffer.from(foldHeader(name, encodeWords(value))))
  // The empty line, and lines before it that are no field.
  const rest = bytes.subarray(fields.at(-1)?.end ?? 0, bodyStart)
  const separator = rest.byteLength === 0 ? Buffer.from('\r\n') : rest
  return Buffer.concat([...pieces, separator, bytes.subarray(bodyStart)])
}
