/** The tokens of a script (RFC 5228 §8.1). A bare LF ends a line as CRLF does: scripts are typed into web pages, too. */
import { SyntaxProblem } from './problem.ts'

export type TokenKind =
  | 'identifier'
  | 'tag'
  | 'number'
  | 'string'
  | 'end'
  | '['
  | ']'
  | '('
  | ')'
  | '{'
  | '}'
  | ','
  | ';'

export interface Token {
  kind: TokenKind
  at: number
  end: number
  /** Identifiers and tags in lower case, a tag with its colon; strings without their escapes. */
  text: string
  /** Of a number. */
  value: number
}

const SPACE = /(?:[ \t\r\n]+|#[^\n]*)+/y
const WORD = /[a-z_][a-z0-9_]*/iy
const NUMBER = /(\d+)([a-z0-9_]*)/iy
const MULTI_LINE = /text:[ \t]*(?:#[^\n]*)?\r?\n/iy
const PLAIN = /[^"\\\0]*/y
const PUNCTUATION = new Set<string>(['[', ']', '(', ')', '{', '}', ',', ';'])
const QUANTIFIERS: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

export class Lexer {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  next(): Token {
    this.#skipSpace()
    const at = this.#at
    const source = this.#source
    if (at >= source.length) return this.#token('end', at, '')
    const character = source[at]!
    if (isPunctuation(character)) {
      this.#at++
      return this.#token(character, at, character)
    }
    if (character === '"') return this.#quoted(at)
    if (character === ':') {
      this.#at++
      const name = this.#match(WORD)
      if (name === null) throw new SyntaxProblem(at, 'a name must follow the colon')
      return this.#token('tag', at, `:${name[0].toLowerCase()}`)
    }
    const number = this.#match(NUMBER)
    if (number !== null) return this.#number(at, number)
    if (this.#match(MULTI_LINE) !== null) return this.#multiLine(at)
    const word = this.#match(WORD)
    if (word === null) throw new SyntaxProblem(at, `unexpected ${shown(source, at)}`)
    return this.#token('identifier', at, word[0].toLowerCase())
  }

  #token(kind: TokenKind, at: number, text: string, value = 0): Token {
    return { kind, at, end: this.#at, text, value }
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#source)
    if (match !== null) this.#at = pattern.lastIndex
    return match
  }

  #skipSpace(): void {
    for (;;) {
      this.#match(SPACE)
      if (!this.#source.startsWith('/*', this.#at)) return
      const end = this.#source.indexOf('*/', this.#at + 2)
      if (end < 0) throw new SyntaxProblem(this.#at, 'the comment that begins here has no end')
      this.#at = end + 2
    }
  }

  #number(at: number, [, digits = '', letters = '']: RegExpExecArray): Token {
    const factor = QUANTIFIERS[letters.toLowerCase()]
    if (factor === undefined)
      throw new SyntaxProblem(at, `"${digits}${letters.slice(0, 20)}" is no number: K, M or G may follow the digits`)
    const value = Number(digits) * factor
    if (!Number.isSafeInteger(value)) throw new SyntaxProblem(at, 'the number is too large')
    return this.#token('number', at, digits + letters, value)
  }

  /** §2.4.2: a backslash before any other character than a quote and itself has no meaning. */
  #quoted(at: number): Token {
    this.#at++
    let text = ''
    for (;;) {
      text += this.#match(PLAIN)![0]
      const character = this.#source[this.#at]
      if (character === undefined) throw new SyntaxProblem(at, 'the string that begins here has no end')
      if (character === '\0') throw new SyntaxProblem(this.#at, 'unexpected NUL')
      this.#at++
      if (character === '"') break
      if (this.#at < this.#source.length) text += this.#source[this.#at++]!
    }
    return this.#token('string', at, withLineEnds(text))
  }

  /** Up to a line with nothing but a dot; of two dots that begin another line one is left out, a single one stays (§2.4.2). */
  #multiLine(at: number): Token {
    const source = this.#source
    const lines: string[] = []
    for (;;) {
      const end = source.indexOf('\n', this.#at)
      const line = source.slice(this.#at, end < 0 ? source.length : end).replace(/\r$/, '')
      if (line === '.') {
        this.#at = end < 0 ? source.length : end + 1
        break
      }
      if (end < 0) throw new SyntaxProblem(at, 'the text that begins here has no end: a line with a dot alone')
      lines.push(line.startsWith('..') ? line.slice(1) : line)
      this.#at = end + 1
    }
    const text = lines.map(line => `${line}\r\n`).join('')
    const nul = text.indexOf('\0')
    if (nul >= 0) throw new SyntaxProblem(at, 'the text has a NUL')
    return this.#token('string', at, text)
  }
}

function isPunctuation(character: string): character is '[' | ']' | '(' | ')' | '{' | '}' | ',' | ';' {
  return PUNCTUATION.has(character)
}

function withLineEnds(text: string): string {
  return text.includes('\n') ? text.replace(/\r?\n/g, '\r\n') : text
}

function shown(source: string, at: number): string {
  const character = String.fromCodePoint(source.codePointAt(at)!)
  return /[\p{C}\p{Z}]/u.test(character)
    ? `character U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
    : `"${character}"`
}
