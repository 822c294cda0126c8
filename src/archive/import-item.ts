/** What an archive of old mail yields, message by message, and how its bytes become a message of this service. */
import type { Flags } from '../store/types.ts'

export type ImportItem =
  | {
      kind: 'message'
      /** Where it was found, for reports: `line 120`, `.Sent/cur/1700000000.M1P2.host:2,S`. */
      source: string
      /** The mailbox it belongs into; empty for the archive's own root. */
      mailbox: string
      flags: Flags
      /** Milliseconds since 1970; null where the archive doesn't tell. */
      internalDate: number | null
      bytes: Uint8Array
      /** Bytes of the archive read so far, for progress. */
      position: number
    }
  | { kind: 'problem'; source: string; problem: string; position: number }

const LF = 0x0a
const CR = 0x0d

/** Each line end as CRLF (RFC 5322 §2.3); a last line without one gets it. A CR elsewhere stays as it is. */
export function withCrlf(bytes: Uint8Array): Uint8Array {
  let bare = bytes.length > 0 && bytes[bytes.length - 1] !== LF ? 1 : 0
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) if (bytes[at - 1] !== CR) bare++
  if (bare === 0) return bytes
  const whole = new Uint8Array(bytes.length + bare + 1)
  let from = 0
  let to = 0
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, from)) {
    const end = bytes[at - 1] === CR && at > from ? at - 1 : at
    whole.set(bytes.subarray(from, end), to)
    to += end - from
    whole[to++] = CR
    whole[to++] = LF
    from = at + 1
  }
  if (from < bytes.length) {
    whole.set(bytes.subarray(from), to)
    to += bytes.length - from
    whole[to++] = CR
    whole[to++] = LF
  }
  return whole.subarray(0, to)
}
