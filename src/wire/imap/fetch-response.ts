/**
 * FETCH (RFC 9051 §7.5.2) in pieces: a client that synchronises asks for 20,000 of them, so each is one short string, and
 * the session joins them with spaces between `fetchStart` and `FETCH_END`. Bodies go as header, bytes, next piece.
 */
import { formatDateTime } from './date-time.ts'
import { encodeNstring } from './encoder.ts'
import { formatFlags } from './flags.ts'
import { formatOrigin, type PartialRange } from './section.ts'

export const fetchStart = (sequenceNumber: number): string => `* ${sequenceNumber} FETCH (`
/** Where the client knows messages by UID alone (RFC 9586). */
export const uidFetchStart = (uid: number): string => `* ${uid} UIDFETCH (`
export const FETCH_END = ')\r\n'

export const fetchUid = (uid: number): string => `UID ${uid}`
export const fetchFlags = (system: number, keywords: readonly string[], isRecent = false): string =>
  `FLAGS ${formatFlags(system, keywords, isRecent)}`
export const fetchInternalDate = (milliseconds: number): string => `INTERNALDATE ${formatDateTime(milliseconds)}`
export const fetchSize = (bytes: number): string => `RFC822.SIZE ${bytes}`
export const fetchModseq = (modseq: number): string => `MODSEQ (${modseq})`
/** Forms as envelope.ts and body-structure.ts made them. */
export const fetchEnvelope = (envelope: string): string => `ENVELOPE ${envelope}`
export const fetchBodyStructure = (structure: string): string => `BODYSTRUCTURE ${structure}`
export const fetchBody = (structure: string): string => `BODY ${structure}`
/** RFC 8474 §5. */
export const fetchEmailId = (id: string): string => `EMAILID (${id})`
export const fetchThreadId = (id: string | null): string => `THREADID ${id === null ? 'NIL' : `(${id})`}`
/** RFC 8514 §4.2. */
export const fetchSaveDate = (milliseconds: number | null): string =>
  `SAVEDATE ${milliseconds === null ? 'NIL' : formatDateTime(milliseconds)}`
/** RFC 8970 §3: NIL where there is none yet, which only LAZY allows; empty where none can be made. */
export const fetchPreview = (preview: string | null, utf8: boolean): string => `PREVIEW ${encodeNstring(preview, utf8)}`

/** `name` is the SECTION item's; `size` bytes follow. */
export const sectionHeader = (name: string, size: number): string => `${name} {${size}}\r\n`
/** For a part that is not there (RFC 9051 §6.4.5.1). */
export const sectionNil = (name: string): string => `${name} NIL`

/** RFC 3516 §4.3: content with NUL octets can only go as literal8. */
export function binaryHeader(
  part: readonly number[],
  partial: PartialRange | null,
  size: number,
  holdsNul: boolean,
): string {
  return `${binaryName(part, partial)} ${holdsNul ? '~' : ''}{${size}}\r\n`
}

export const binaryNil = (part: readonly number[], partial: PartialRange | null): string =>
  `${binaryName(part, partial)} NIL`
export const binarySize = (part: readonly number[], bytes: number): string => `BINARY.SIZE[${part.join('.')}] ${bytes}`

const binaryName = (part: readonly number[], partial: PartialRange | null): string =>
  `BINARY[${part.join('.')}]${formatOrigin(partial)}`
