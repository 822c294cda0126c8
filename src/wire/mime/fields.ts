/** Header fields that Facteur writes itself: trace fields, reports, what a submitted message lacks. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** RFC 5322 §2.1.1: lines "SHOULD be no more than 78 characters". */
const LINE_LENGTH = 78

/** `Mon, 1 Jan 2024 02:03:25 +0000` (RFC 5322 §3.3), always in UTC. `time`: milliseconds since 1970. */
export function formatDate(time: number): string {
  const date = new Date(time)
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
  return `${DAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${clock.map(n => String(n).padStart(2, '0')).join(':')} +0000`
}

/**
 * The whole field with its CRLF, folded before white space (RFC 5322 §2.2.3) where lines would be too long. The value is
 * ASCII, as `encodeWords` gives it, or UTF-8 where the message may have it (RFC 6532); line ends in it become spaces.
 */
export function foldHeader(name: string, value: string): string {
  let field = ''
  let line = `${name}:`
  for (const word of value.trim().split(/[ \t\r\n]+/)) {
    const longer = `${line} ${word}`
    // A first line with nothing but the name, or one of white space, is what some programs take for the header's end.
    if (Buffer.byteLength(longer) <= LINE_LENGTH || line === `${name}:`) line = longer
    else {
      field += `${line}\r\n`
      line = ` ${word}`
    }
  }
  return `${field}${line}\r\n`
}

/** `<random@domain>` (RFC 5322 §3.6.4). `random`: at least 12 random bytes, so that no two are ever equal. */
export function generateMessageId(domain: string, random: Uint8Array): string {
  return `<${Buffer.from(random).toString('base64url')}@${domain}>`
}
