/** Text put into XML 1.0: escaped for content and attributes alike, without the characters that no document may hold. */

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** XML 1.0 §2.2, Char: no control character but tab and line ends, no half of a surrogate pair, no U+FFFE or U+FFFF. */
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu

export function xmlText(text: string): string {
  return text.replace(FORBIDDEN, '').replace(/[&<>"']/g, character => ESCAPES[character]!)
}
