/**
 * A cursor over one whole command, with the terminals of RFC 9051 §9 as its methods.
 *
 * The text is the command's lines as a string of bytes (latin1), each literal's marker and its CRLF left in place; the
 * literals' bytes are apart, in order. A method either returns what the grammar asks and stands behind it, or throws
 * `SyntaxProblem`, which the receiver turns into an answer. Nothing of what the client sent is repeated in a problem: it
 * may be a password.
 */
import { LIST_ITEMS } from './limits.ts'

/** What is wrong with a command, as the client gets to read it. */
export class SyntaxProblem extends Error {
  readonly type: 'BAD' | 'NO'
  readonly code: string | null

  constructor(text: string, type: 'BAD' | 'NO' = 'BAD', code: string | null = null) {
    super(text)
    this.type = type
    this.code = code
  }
}

// ATOM-CHAR: all printing characters but "(){ %*\"\\]" (RFC 9051 §9, atom-specials).
const atomPattern = /[!#$&'+,\-./0-9:;<=>?@A-Z[^_`a-z|}~]+/y
const astringPattern = /[!#$&'+,\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+/y
const listPattern = /[!#$%&'*+,\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+/y
const wordPattern = /[A-Za-z0-9.]+/y
const digitsPattern = /[0-9]+/y
const onlySpaces = / *$/y
const literalPattern = /(~?)\{[0-9]+\+?\}\r\n/y

const MAX_NUMBER = 0xffffffff
// number64 of RFC 9051 §9 and mod-sequence-value of RFC 7162 §7 end at 2^63-1.
const MAX_NUMBER64 = 9_223_372_036_854_775_807n
const MAX_NUMBER64_DIGITS = 19

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const nonAscii = /[^\x00-\x7f]/

export interface Literal {
  bytes: Uint8Array
  /** It came as literal8, `~{n}` (RFC 3516 §4.4). */
  binary: boolean
}

export class Decoder {
  /** The command's name, which problems begin with. */
  subject = ''
  /** Mailbox names are plain UTF-8 and not modified UTF-7 (RFC 6855 §3, RFC 9051 §5.1). */
  readonly utf8: boolean
  readonly #text: string
  readonly #literals: readonly Uint8Array[]
  #position = 0
  #literal = 0

  constructor(text: string, literals: readonly Uint8Array[], utf8: boolean) {
    this.#text = text
    this.#literals = literals
    this.utf8 = utf8
  }

  get atEnd(): boolean {
    return this.#position === this.#text.length
  }

  /** Spaces at a command's end are overlooked: some clients leave one behind the last argument. */
  get onlySpacesLeft(): boolean {
    onlySpaces.lastIndex = this.#position
    return onlySpaces.test(this.#text)
  }

  fail(expected: string): never {
    const found = this.atEnd ? ', found the end of the command' : ''
    throw new SyntaxProblem(`${this.#prefix()}expected ${expected}${found}`)
  }

  /** A problem that is not one of the next character. */
  refuse(text: string, type: 'BAD' | 'NO' = 'BAD', code: string | null = null): never {
    throw new SyntaxProblem(this.#prefix() + text, type, code)
  }

  /** Whether the next character is this one. */
  sees(character: string): boolean {
    return this.#text[this.#position] === character
  }

  /** Whether the text is next. */
  seesText(text: string): boolean {
    return this.#text.startsWith(text, this.#position)
  }

  /** Takes the character if it is next. */
  takes(character: string): boolean {
    const found = this.sees(character)
    if (found) this.#position++
    return found
  }

  expect(character: string, what: string): void {
    if (!this.takes(character)) this.fail(what)
  }

  /** Takes the text, in any case, if it is next. */
  takesText(text: string): boolean {
    const end = this.#position + text.length
    if (this.#text.slice(this.#position, end).toUpperCase() !== text) return false
    this.#position = end
    return true
  }

  space(before: string): void {
    if (!this.takes(' ')) this.fail(this.atEnd ? before : `a space before ${before}`)
  }

  end(): void {
    if (!this.onlySpacesLeft) this.fail('the end of the command')
  }

  /** Takes the space before an argument that may be left out; false where the command ends. */
  takesSpace(): boolean {
    return !this.onlySpacesLeft && this.takes(' ')
  }

  atom(what: string): string {
    return this.#match(atomPattern) ?? this.fail(what)
  }

  /** An atom of letters, digits and dots, in upper case: the names of commands, items and options. */
  word(what: string): string {
    return (this.#match(wordPattern) ?? this.fail(what)).toUpperCase()
  }

  /** An atom in upper case, for names that hold "=", "-" or "$". */
  keyword(what: string): string {
    return this.atom(what).toUpperCase()
  }

  matches(pattern: RegExp): string | null {
    return this.#match(pattern)
  }

  /** `astring` as its bytes (latin1). */
  astringBytes(what: string): string {
    return this.#match(astringPattern) ?? this.stringBytes(what)
  }

  astring(what: string): string {
    return this.decodeUtf8(this.astringBytes(what), what)
  }

  /** `list-mailbox`, as its bytes (latin1). */
  listMailboxBytes(what: string): string {
    return this.#match(listPattern) ?? this.stringBytes(what)
  }

  string(what: string): string {
    return this.decodeUtf8(this.stringBytes(what), what)
  }

  nstring(what: string): string | null {
    if (this.sees('"') || this.sees('{')) return this.string(what)
    if (this.#match(atomPattern)?.toUpperCase() === 'NIL') return null
    return this.fail(what)
  }

  /** `string` as its bytes (latin1). */
  stringBytes(what: string): string {
    if (this.sees('"')) return this.#quoted(what)
    const literal = this.literal()
    if (literal === null) return this.fail(what)
    // literal8 is for message data alone (RFC 3516 §4.4).
    if (literal.binary) this.refuse(`${what} may not be sent as literal8`)
    const text = latin1(literal.bytes)
    if (text.includes('\0')) this.refuse(`${what} holds a NUL octet`)
    return text
  }

  /** The literal that is next, or null where none is. */
  literal(): Literal | null {
    const marker = this.#match(literalPattern)
    if (marker === null) return null
    const bytes = this.#literals[this.#literal++]
    if (bytes === undefined) return this.fail('the octets of the literal')
    return { bytes, binary: marker.startsWith('~') }
  }

  number(what: string): number {
    return this.#numberUpTo(MAX_NUMBER, 0, what)
  }

  nzNumber(what: string): number {
    return this.#numberUpTo(MAX_NUMBER, 1, what)
  }

  /**
   * A number up to 2^63-1. Above 2^53 it comes out as 2^53-1: no size or mod-sequence here reaches that far, so each
   * comparison has the same result.
   */
  number64(what: string, least: 0 | 1 = 0): number {
    const digits = this.#match(digitsPattern) ?? this.fail(what)
    const tooLarge = digits.length > MAX_NUMBER64_DIGITS || BigInt(digits) > MAX_NUMBER64
    const value = Math.min(Number(digits), Number.MAX_SAFE_INTEGER)
    if (tooLarge || value < least) this.refuse(`expected ${what} from ${least} to ${MAX_NUMBER64}`)
    return value
  }

  /** `( item *(SP item) )`, or `()`. */
  list<T>(what: string, item: () => T, most: number = LIST_ITEMS): T[] {
    this.expect('(', `an opening parenthesis before ${what}`)
    const items: T[] = []
    if (this.takes(')')) return items
    do {
      if (items.length === most) this.refuse(`more than ${most} in the list of ${what}`, 'NO', 'LIMIT')
      items.push(item())
    } while (this.takes(' '))
    this.expect(')', `a closing parenthesis behind ${what}`)
    return items
  }

  /** A list that may not be empty. */
  filledList<T>(what: string, item: () => T, most: number = LIST_ITEMS): T[] {
    const items = this.list(what, item, most)
    if (items.length === 0) this.refuse(`expected at least one in the list of ${what}`)
    return items
  }

  decodeUtf8(bytes: string, what: string, type: 'BAD' | 'NO' = 'BAD'): string {
    if (!nonAscii.test(bytes)) return bytes
    try {
      return utf8.decode(Buffer.from(bytes, 'latin1'))
    } catch {
      return this.refuse(`${what} is not valid UTF-8`, type)
    }
  }

  #prefix(): string {
    return this.subject === '' ? '' : `${this.subject}: `
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#position
    const found = pattern.exec(this.#text)
    if (found === null) return null
    this.#position = pattern.lastIndex
    return found[0]
  }

  #numberUpTo(most: number, least: number, what: string): number {
    const digits = this.#match(digitsPattern) ?? this.fail(what)
    const value = Number(digits)
    if (value > most || value < least) this.refuse(`expected ${what} from ${least} to ${most}`)
    return value
  }

  #quoted(what: string): string {
    const text = this.#text
    let result = ''
    let start = this.#position + 1
    for (let at = start; at < text.length; at++) {
      const character = text.charCodeAt(at)
      if (character === 0x22) {
        this.#position = at + 1
        return result + text.slice(start, at)
      }
      if (character === 0x5c) {
        const next = text.charCodeAt(at + 1)
        if (next !== 0x22 && next !== 0x5c) this.refuse(`${what}: in a quoted string a backslash quotes only " and \\`)
        result += text.slice(start, at)
        start = ++at
      } else if (character === 0x0d || character === 0x0a || character === 0) break
    }
    return this.refuse(`${what}: expected a closing quotation mark`)
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
