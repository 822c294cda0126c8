/** `value; name=value; …` of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183), with RFC 2231's continuations and charsets. */
import { decodeCharset, decodeUnlabelled } from './charset.ts'
import { hexPair } from './encoded-word.ts'
import { PARAMETERS } from './limits.ts'

/** Names in upper case, values decoded; the first of two of one name. */
export type Parameters = [name: string, value: string][]

export interface ParameterisedValue {
  /** What stands before the first semicolon, without comments and white space. */
  value: string
  parameters: Parameters
}

interface Segment {
  index: number
  encoded: boolean
  value: string
}

/** Never throws; what can't be understood is left out. */
export function parseParameterised(text: string): ParameterisedValue {
  const scanner = new Scanner(text)
  const value = scanner.token(';').replace(/\s+/g, '')
  const plain = new Map<string, string>()
  const segments = new Map<string, Segment[]>()
  for (let count = 0; scanner.skipSeparator() && count < PARAMETERS; count++) {
    const name = scanner.token('=;').trim().toUpperCase()
    if (!scanner.take('=')) continue
    const parameterValue = scanner.value()
    if (name === '') continue
    const extended = /^([^*]+)(?:\*(\d{1,4}))?(\*)?$/.exec(name)
    if (extended === null || (extended[2] === undefined && extended[3] === undefined)) {
      if (!plain.has(name)) plain.set(name, parameterValue)
      continue
    }
    const [, base = '', index = '0', star] = extended
    const segment = { index: Number(index), encoded: star !== undefined, value: parameterValue }
    const others = segments.get(base)
    if (others === undefined) segments.set(base, [segment])
    else others.push(segment)
  }
  // A program that writes both forms means the extended one (RFC 6266 §4.3 says so for HTTP).
  for (const [name, list] of segments) plain.set(name, joinSegments(list))
  return { value, parameters: [...plain] }
}

/** RFC 2231 §3 and §4: segments in the order of their numbers, up to the first that is missing. */
function joinSegments(segments: Segment[]): string {
  segments.sort((a, b) => a.index - b.index)
  let charset: string | null = null
  const pieces: Buffer[] = []
  let expected = segments[0]!.index
  for (const { index, encoded, value } of segments) {
    if (index < expected) continue
    if (index > expected) break
    expected++
    if (!encoded) {
      pieces.push(Buffer.from(value, 'utf8'))
      continue
    }
    let rest = value
    if (pieces.length === 0) {
      const prefix = /^([^']*)'[^']*'/.exec(value)
      charset = prefix?.[1] ?? null
      rest = value.slice(prefix?.[0].length ?? 0)
    }
    pieces.push(decodePercent(rest))
  }
  const bytes = Buffer.concat(pieces)
  return charset === null ? decodeUnlabelled(bytes) : decodeCharset(bytes, charset)
}

/** RFC 2231 §4, behind `utf-8''`: what is no `attribute-char` goes by its octets. */
export function percentEncoded(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(/['()*]/g, percent)
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

function decodePercent(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const value = bytes[at] === 0x25 ? hexPair(bytes, at + 1) : -1
    bytes[length++] = value >= 0 ? value : bytes[at]!
    if (value >= 0) at += 2
  }
  return bytes.subarray(0, length)
}

class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Up to one of the `stops`, comments left out. */
  token(stops: string): string {
    let token = ''
    let start = this.#at
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at]!
      if (stops.includes(character)) break
      if (character === '(') {
        token += this.#text.slice(start, this.#at)
        this.#comment()
        start = this.#at
      } else this.#at++
    }
    return token + this.#text.slice(start, this.#at)
  }

  take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  /** Over semicolons and white space; false at the end. */
  skipSeparator(): boolean {
    while (this.#at < this.#text.length && /[;\s]/.test(this.#text[this.#at]!)) this.#at++
    return this.#at < this.#text.length
  }

  /** A quoted string, or all up to the semicolon: unquoted values with spaces or specials in them are common. */
  value(): string {
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at]!
      if (character === '(') this.#comment()
      else if (/\s/.test(character)) this.#at++
      else break
    }
    if (!this.take('"')) return this.token(';').trim()
    let value = ''
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at++]!
      if (character === '"') break
      value += character === '\\' && this.#at < this.#text.length ? this.#text[this.#at++]! : character
    }
    return value
  }

  #comment(): void {
    let depth = 0
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at++]!
      if (character === '\\') this.#at++
      else if (character === '(') depth++
      else if (character === ')' && --depth === 0) return
    }
  }
}
