/**
 * The surrogate of RFC 6856 §2.1: what a client without UTF-8 mode gets of a message whose header is not ASCII.
 *
 * Words that are not ASCII become encoded words (RFC 2047) where they stand, in the manner of RFC 6858: what was text
 * reads as it was, an address that is not ASCII is shown but can't be answered to. Parameters, in which encoded words mean
 * nothing, are extended ones (RFC 2231). The body is not touched; 8-bit bodies are for every client (RFC 6152). Octets
 * that are not UTF-8 are no internationalized header but what old programs send: they go out as they came.
 */
import { isAscii, isUtf8 } from 'node:buffer'
import { percentEncoded } from '../mime/parameters.ts'
import { READABLE_HEADER_BYTES } from './limits.ts'
import { endOfHeader } from './message.ts'

/** Octets of one encoded word's text: 60 characters in base64, 75 with what is around them (RFC 2047 §2). */
const WORD_OCTETS = 45

/** `bytes` itself where its header is ASCII, or 8-bit but no UTF-8. */
export function asciiHeaders(bytes: Uint8Array): Uint8Array {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = endOfHeader(message)
  const header = message.subarray(0, end)
  if (isAscii(header) || !isUtf8(header)) return bytes
  return Buffer.concat([Buffer.from(asciiHeader(header), 'latin1'), message.subarray(end)])
}

function asciiHeader(bytes: Buffer): string {
  if (bytes.length > READABLE_HEADER_BYTES)
    return Buffer.from(bytes.map(octet => (octet < 0x80 ? octet : 0x3f))).toString('latin1')
  return fieldsOf(bytes.toString('utf8'))
    .map(field => (PARAMETERISED.test(field) ? asciiParameters(field) : asciiLines(field)))
    .join('')
}

/** Each with the lines that continue it. */
function fieldsOf(header: string): string[] {
  return header.split(/(?<=\n)(?![ \t])/)
}

/** Structured fields of MIME; the description is a text as that of Subject. */
const PARAMETERISED = /^content-(?!description)[a-z-]*[ \t]*:/i

function asciiLines(text: string): string {
  const lines = text.split(/(\r?\n)/)
  return lines.map(line => (isAsciiText(line) ? line : asciiLine(line))).join('')
}

const isAsciiText = (text: string): boolean => !/[^\x00-\x7f]/.test(text)

function asciiParameters(field: string): string {
  if (isAsciiText(field)) return field
  const parts = partsOf(field)
  const extended = new Set(parts.filter(part => !isAsciiText(part)).map(part => firstSectionOf(part)))
  return parts.map(part => (isAsciiText(part) && !extended.has(sectionOf(part)) ? part : asciiParameter(part))).join('')
}

/** Cut before each semicolon that is in no quoted string and no comment. */
function partsOf(field: string): string[] {
  const parts = ['']
  let depth = 0
  for (const token of tokensOf(field)) {
    for (const piece of token.startsWith('"') ? [token] : token.split(/([;()])/)) {
      if (piece === '(') depth++
      else if (piece === ')') depth = Math.max(0, depth - 1)
      if (piece === ';' && depth === 0) parts.push(piece)
      else parts[parts.length - 1] += piece
    }
  }
  return parts
}

/** `filename*1` of a parameter in several sections (RFC 2231 §3); the charset stands in the first, `filename*0*`. */
const SECTION = /^;\s*([!#-'+.0-9A-Z^-~-]+\*)(\d+)\s*=/

const sectionOf = (part: string): string | null => SECTION.exec(part)?.slice(1).join('').toLowerCase() ?? null
function firstSectionOf(part: string): string | null {
  const name = SECTION.exec(part)?.[1]
  return name === undefined ? null : `${name.toLowerCase()}0`
}

function asciiParameter(part: string): string {
  const [, before = '', name = '', given = '', blanks = ''] =
    /^(;\s*)([!#-'*+.0-9A-Z^-~-]+)\s*=\s*(\S(?:.*\S)?)(\s*)$/s.exec(part) ?? []
  const end = given.startsWith('"') ? endOfQuoted(given, 0) : given.length
  const written = given.slice(0, end)
  const isSection = sectionOf(part) !== null
  if (isAsciiText(written) && !isSection) return asciiLines(part)
  const value = unquoted(written.replace(/\r?\n(?=[ \t])/g, ''))
  const after = asciiLines(given.slice(end)) + blanks
  if (isSection) return `${before}${name}*=${name.endsWith('*0') ? "utf-8''" : ''}${percentEncoded(value)}${after}`
  if (name.endsWith('*')) return `${before}${name}=${value.replace(NOT_EXTENDED, percentEncoded)}${after}`
  const [first = '', ...others] = inWords(value, percentEncoded)
  if (others.length === 0) return `${before}${name}*=utf-8''${first}${after}`
  // RFC 2231 §4.1
  const continued = others.map((word, index) => `;\r\n ${name}*${index + 1}*=${word}`)
  return `${before}${name}*0*=utf-8''${first}${continued.join('')}${after}`
}

/** What is no character of an extended value, percent signs and quotes of one aside (RFC 2231 §7). */
const NOT_EXTENDED = /[^!#-'*+.0-9A-Z^-~-]+/g

/** Runs of words outside ASCII become encoded words; a quoted string of them loses its quotes. */
function asciiLine(line: string): string {
  let ascii = ''
  let run = ''
  let blanks = ''
  const endRun = (): void => {
    if (run !== '') ascii += encodedWords(run)
    ascii += blanks
    run = blanks = ''
  }
  for (const token of tokensOf(line)) {
    const isBlank = /^[ \t]/.test(token)
    if (isBlank && run !== '') blanks = token
    else if (/[^\x00-\x7f]/.test(token)) {
      run = run === '' ? unquoted(token) : run + blanks + unquoted(token)
      blanks = ''
    } else {
      endRun()
      ascii += token
    }
  }
  endRun()
  return ascii
}

/**
 * Quoted strings, blanks, words, and what separates them. Linear, also where a quote is never closed. `closing` finds the
 * end of a quoted string: tests count what it reads.
 */
export function* tokensOf(line: string, closing = endOfQuoted): Generator<string> {
  const token = /[ \t]+|[<>()@,;:]+|[^ \t<>()@,;:"]+/y
  let quotesClose = true
  for (let at = 0; at < line.length; ) {
    const end: number = line[at] === '"' ? (quotesClose ? closing(line, at) : at + 1) : -1
    if (end === 0) quotesClose = false
    token.lastIndex = at
    const found: string = end > 0 ? line.slice(at, end) : (token.exec(line)?.[0] ?? line[at]!)
    yield found
    at += found.length
  }
}

/** Behind the closing quote; 0 where there is none. */
export function endOfQuoted(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === '\\') at++
    else if (line[at] === '"') return at + 1
  }
  return 0
}

function unquoted(token: string): string {
  return token.startsWith('"') && token.length > 1 ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token
}

function encodedWords(text: string): string {
  const words = inWords(text, word => Buffer.from(word).toString('base64'))
  return words.map(word => `=?utf-8?B?${word}?=`).join('\r\n ')
}

/** Pieces of so many octets at the most, characters whole. */
function inWords(text: string, encode: (word: string) => string): string[] {
  const words: string[] = []
  let start = 0
  let octets = 0
  let at = 0
  for (const character of text) {
    const length = Buffer.byteLength(character)
    if (octets + length > WORD_OCTETS) {
      words.push(encode(text.slice(start, at)))
      start = at
      octets = 0
    }
    octets += length
    at += character.length
  }
  words.push(encode(text.slice(start)))
  return words
}
