/** The text of a reply as its lines: of what people write, as reasons in their rules, an SMTP client must be able to read all. */
import type { Reply } from './reply.ts'

/** RFC 5321 §4.5.3.1.5: 512 octets with code, status and CRLF. */
const LINE_OCTETS = 480
/** Clients keep some thousand octets of an answer, and people read less. */
const LINES = 8

/**
 * Each with the status (RFC 2034 §4), those of the text (RFC 5429 §2.5), longer ones broken at spaces where there are some. `utf8`: the client said SMTPUTF8 (RFC 6531 §3.5);
 * another gets ASCII (RFC 5321 §4.2), with letters for their accented ones.
 */
export function replyLines({ status, text }: Reply, utf8 = false): string[] {
  const lines: string[] = []
  for (const line of (utf8 ? text : asciiOf(text)).split(/[\r\n]+/)) lines.push(...broken(line, LINES - lines.length))
  return (lines.length > 0 ? lines : ['']).map(line => `${status} ${line}`)
}

function broken(text: string, most: number): string[] {
  const lines: string[] = []
  let rest = Array.from(text)
  while (rest.length > 0 && lines.length < most) {
    let end = rest.length
    if (Buffer.byteLength(rest.join('')) > LINE_OCTETS) {
      end = 0
      for (let octets = 0; octets + Buffer.byteLength(rest[end]!) <= LINE_OCTETS; end++)
        octets += Buffer.byteLength(rest[end]!)
      const space = rest.lastIndexOf(' ', end - 1)
      if (space > 0) end = space
    }
    lines.push(rest.slice(0, end).join(''))
    rest = rest.slice(rest[end] === ' ' ? end + 1 : end)
  }
  return lines
}

const spelled = new Map([
  ['\u00a0', ' '],
  ['\u202f', ' '],
  ['\u2018', "'"],
  ['\u2019', "'"],
  ['\u201c', '"'],
  ['\u201d', '"'],
  ['\u00ab', '"'],
  ['\u00bb', '"'],
  ['\u2013', '-'],
  ['\u2014', '-'],
  ['\u2026', '...'],
  ['\u20ac', 'EUR'],
  ['\u00df', 'ss'],
  ['\u0153', 'oe'],
  ['\u0152', 'OE'],
  ['\u00e6', 'ae'],
  ['\u00c6', 'AE'],
])

function asciiOf(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  return text
    .replace(/[\u0080-\uffff]/g, letter => spelled.get(letter) ?? letter)
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^\x00-\x7f]/gu, '?')
}
