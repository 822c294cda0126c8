/**
 * Modified UTF-7, the mailbox names of IMAP4rev1 (RFC 3501 §5.1.3). One name has one form: what the RFC forbids
 * (printable ASCII within base64, needless shifts, loose surrogates, padding bits) is refused, so that no two names on
 * the wire mean the same mailbox.
 */

const shifted = /&([A-Za-z0-9+,]*)(-?)/g
const toShift = /&|[^\x20-\x7e]+/g
const plain = /^[\x20-\x7e]*$/
const misplaced = /[\x20-\x7e]/

/** Null where the text is not modified UTF-7. */
export function decodeUtf7(text: string): string | null {
  if (!plain.test(text)) return null
  if (!text.includes('&')) return text
  let valid = true
  let lastEnd = -1
  const decoded = text.replace(shifted, (whole, base64: string, closed: string, at: number) => {
    if (closed === '') valid = false
    if (base64 === '') return '&'
    // "&U,BTFw-&ZeVnLIqe-" shifts back to ASCII only to shift again: a superfluous shift.
    if (at === lastEnd) valid = false
    lastEnd = at + whole.length
    const part = decodeShifted(base64)
    if (part === null) valid = false
    return part ?? ''
  })
  return valid ? decoded : null
}

/** As folders on disk are named: Courier shifts dots and slashes too, which the RFC forbids. Null where it is not even that. */
export function decodeLooseUtf7(text: string): string | null {
  let valid = plain.test(text)
  const decoded = text.replace(shifted, (_, base64: string, closed: string) => {
    const part = base64 === '' ? '&' : codeUnits(base64)
    if (closed === '' || !part?.isWellFormed()) valid = false
    return part ?? ''
  })
  return valid ? decoded : null
}

export function encodeUtf7(text: string): string {
  return text.replace(toShift, run => (run === '&' ? '&-' : `&${encodeShifted(run)}-`))
}

function decodeShifted(base64: string): string | null {
  const text = codeUnits(base64)
  // Encoding it again shows padding bits that are set and lengths base64 does not have.
  if (text === null || misplaced.test(text) || !text.isWellFormed() || encodeShifted(text) !== base64) return null
  return text
}

function codeUnits(base64: string): string | null {
  const bytes = Buffer.from(base64.replaceAll(',', '/'), 'base64')
  return bytes.length % 2 === 0 ? bytes.swap16().toString('utf16le') : null
}

function encodeShifted(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('base64').replaceAll('=', '').replaceAll('/', ',')
}
