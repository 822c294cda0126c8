/**
 * The little XML that a stranger may send us: elements, attributes (skipped), text, CDATA, comments, the five named
 * references and numbered ones. A document type, and with it every entity of its own, ends the reading: nothing
 * expands, nothing is fetched. The time is linear in the input.
 */
import { XML_DEPTH } from './limits.ts'

export interface XmlElement {
  /** Names from the root down, without their prefixes: namespaces are not looked at. */
  path: string[]
  /** The element's own text, references resolved, white space at both ends cut off. */
  text: string
}

const NAMED = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }))
const NAME = String.raw`[\p{L}_][\p{L}\p{N}_.\-]*`
const TAG = new RegExp(
  String.raw`<(?:(/)(?:${NAME}:)?(${NAME})\s*|(?:${NAME}:)?(${NAME})((?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(/?))>`,
  'uy',
)
const REFERENCE = /&(?:#([0-9]{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/y

/** All elements in the order they end, or null where the text is no document of that kind. */
export function readXml(text: string): XmlElement[] | null {
  const elements: XmlElement[] = []
  const open: { name: string; text: string }[] = []
  let closed = false
  let at = 0

  const end = (): void => {
    elements.push({ path: open.map(({ name }) => name), text: open.at(-1)!.text.trim() })
    open.pop()
    closed = open.length === 0
  }

  while (at < text.length) {
    const next = text.indexOf('<', at)
    const written = resolve(text.slice(at, next < 0 ? text.length : next))
    if (written === null) return null
    if (open.length > 0) open.at(-1)!.text += written
    else if (written.trim() !== '') return null
    if (next < 0) break

    const skipped = skip(text, next)
    if (skipped === null) return null
    if (skipped.to > next) {
      if (open.length > 0) open.at(-1)!.text += skipped.text
      else if (skipped.text !== '') return null
      at = skipped.to
      continue
    }
    TAG.lastIndex = next
    const tag = TAG.exec(text)
    if (!tag || closed) return null
    at = TAG.lastIndex
    if (tag[1]) {
      if (open.at(-1)?.name !== tag[2]) return null
      end()
    } else {
      if (open.length >= XML_DEPTH) return null
      open.push({ name: tag[3]!, text: '' })
      if (tag[5]) end()
    }
  }
  return closed ? elements : null
}

/** Where a comment, a processing instruction or CDATA stands: its end, and the text it means. Null: never ends. */
function skip(text: string, at: number): { to: number; text: string } | null {
  for (const [start, stop] of [
    ['<!--', '-->'],
    ['<?', '?>'],
    ['<![CDATA[', ']]>'],
  ] as const) {
    if (!text.startsWith(start, at)) continue
    const end = text.indexOf(stop, at + start.length)
    if (end < 0) return null
    return { to: end + stop.length, text: start === '<![CDATA[' ? text.slice(at + start.length, end) : '' }
  }
  return { to: at, text: '' }
}

/** With its references resolved; null where one of them is unknown, or an "&" is none. */
function resolve(text: string): string | null {
  let resolved = ''
  let at = 0
  for (let ampersand = text.indexOf('&'); ampersand >= 0; ampersand = text.indexOf('&', at)) {
    REFERENCE.lastIndex = ampersand
    const character = characterOf(REFERENCE.exec(text))
    if (character === null) return null
    resolved += text.slice(at, ampersand) + character
    at = REFERENCE.lastIndex
  }
  return resolved + text.slice(at)
}

function characterOf(reference: RegExpExecArray | null): string | null {
  if (!reference) return null
  const [, decimal, hexadecimal, name] = reference
  if (name !== undefined) return NAMED.get(name) ?? null
  const code = decimal === undefined ? Number.parseInt(hexadecimal!, 16) : Number(decimal)
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000)
  return isCharacter ? String.fromCodePoint(code) : null
}
