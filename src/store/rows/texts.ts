import { Fragment } from '../sql.ts'
import type { TextSegment } from '../types/texts.ts'

export const textSegmentColumns = new Fragment(
  'segment, last_email, emails, checksum, directory, fields, header_words, headers, body_words, bodies',
)
export type TextSegmentTuple = [
  segment: number,
  lastEmail: number,
  emails: number,
  checksum: number,
  directory: Uint8Array,
  fields: Uint8Array,
  headerWords: Uint8Array,
  headers: Uint8Array,
  bodyWords: Uint8Array,
  bodies: Uint8Array,
]

export function textSegmentRow([
  segment,
  lastEmail,
  emails,
  checksum,
  directory,
  fields,
  headerWords,
  headers,
  bodyWords,
  bodies,
]: TextSegmentTuple): TextSegment {
  return { segment, lastEmail, emails, checksum, directory, fields, headerWords, headers, bodyWords, bodies }
}
