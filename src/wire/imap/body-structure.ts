/** BODYSTRUCTURE as it goes on the wire (RFC 9051 §7.5.2), and BODY made of it. ASCII in quoted strings alone, as ENVELOPE. */
import { finished, messageHeaderSteps, type Steps } from '../mime/message-header.ts'
import { type Parameters, percentEncoded } from '../mime/parameters.ts'
import { isMessage } from '../mime/parser.ts'
import type { MimePart } from '../mime/types.ts'
import { formatEnvelope, nstring, quoted } from './envelope.ts'

/** With the extension data. `part` is of a parsed message, `bytes` that message's. */
export function formatBodyStructure(part: MimePart, bytes: Uint8Array): string {
  return finished(bodyStructureSteps(part, bytes))
}

/** The same, in the steps of the headers inside. */
export function* bodyStructureSteps(part: MimePart, bytes: Uint8Array): Steps<string> {
  const pieces: string[] = []
  yield* addStructure(pieces, part, bytes)
  // Put together by "+", it would take twelve times its length until somebody reads it.
  return pieces.join('')
}

function* addStructure(pieces: string[], part: MimePart, bytes: Uint8Array): Steps<void> {
  const extension = `${disposition(part)} ${language(part.language)} ${nstring(part.location)}`
  if (part.children.length > 0) {
    pieces.push('(')
    for (const child of part.children) yield* addStructure(pieces, child, bytes)
    pieces.push(` ${quoted(part.subtype)} ${parameters(part.parameters)} ${extension})`)
    return
  }
  pieces.push(
    `(${type(part)} ${parameters(part.parameters)} ${nstring(part.id)} ${nstring(part.description)} ${quoted(part.encoding)} ${part.bodyEnd - part.bodyStart}`,
  )
  if (part.type === 'TEXT') pieces.push(` ${part.lines}`)
  else if (part.message !== null) yield* addMessage(pieces, part.message, part.lines, bytes)
  pieces.push(` ${nstring(part.md5)} ${extension})`)
}

/** A message that was not taken apart is data: the syntax has none without the structure of what is inside. */
function type(part: MimePart): string {
  if (isMessage(part) && part.message === null) return '"APPLICATION" "OCTET-STREAM"'
  return `${quoted(part.type)} ${quoted(part.subtype)}`
}

/** What a message has besides. */
function* addMessage(pieces: string[], message: MimePart, lines: number, bytes: Uint8Array): Steps<void> {
  pieces.push(` ${formatEnvelope(yield* messageHeaderSteps(bytes, message.header))} `)
  yield
  yield* addStructure(pieces, message, bytes)
  pieces.push(` ${lines}`)
}

function parameters(list: Parameters): string {
  if (list.length === 0) return 'NIL'
  return `(${list.map(([name, value]) => parameter(name, value)).join(' ')})`
}

/** Text beyond ASCII goes as "name*" in the encoding of RFC 2231, which clients decode and every mode allows. */
function parameter(name: string, value: string): string {
  if (!/[^\x00-\x7f]/.test(value)) return `${quoted(name)} ${quoted(value)}`
  return `${quoted(`${name}*`)} "utf-8''${percentEncoded(value)}"`
}

function disposition(part: MimePart): string {
  if (part.disposition === null) return 'NIL'
  return `(${quoted(part.disposition.type)} ${parameters(part.disposition.parameters)})`
}

function language(tags: readonly string[]): string {
  if (tags.length === 0) return 'NIL'
  return tags.length === 1 ? quoted(tags[0]!) : `(${tags.map(quoted).join(' ')})`
}

/** What a client of IMAP4rev1 alone is told: its MESSAGE/GLOBAL is a part like any other (RFC 3501 §9, media-message). */
export function withoutGlobals(bodyStructure: string): string {
  if (!bodyStructure.includes(GLOBAL)) return bodyStructure
  return new BodyStructureReader(bodyStructure, { extensions: true, globals: false }).body()
}

/** BODY, "a form of BODYSTRUCTURE without extension data", of what `formatBodyStructure` made. */
export function withoutExtensions(
  bodyStructure: string,
  { globals }: Pick<Kept, 'globals'> = { globals: true },
): string {
  return new BodyStructureReader(bodyStructure, { extensions: false, globals }).body()
}

const GLOBAL = '"MESSAGE" "GLOBAL"'

interface Kept {
  extensions: boolean
  /** The envelope, body and lines of MESSAGE/GLOBAL. */
  globals: boolean
}

class BodyStructureReader {
  readonly #text: string
  readonly #kept: Kept
  #at = 0

  constructor(text: string, kept: Kept) {
    this.#text = text
    this.#kept = kept
  }

  body(): string {
    this.#at++
    let kept = ''
    if (this.#text[this.#at] === '(') {
      while (this.#text[this.#at] === '(') kept += this.body()
      this.#at++
      kept += ` ${this.#value()}`
    } else {
      const type = `${this.#value()} ${this.#next()}`
      kept = type
      for (let i = 0; i < 5; i++) kept += ` ${this.#next()}`
      if (type.startsWith('"TEXT" ')) kept += ` ${this.#next()}`
      else if (type === '"MESSAGE" "RFC822"') kept += this.#message()
      else if (type === GLOBAL) {
        const message = this.#message()
        if (this.#kept.globals) kept += message
      }
    }
    while (this.#text[this.#at] === ' ') {
      const extension = this.#next()
      if (this.#kept.extensions) kept += ` ${extension}`
    }
    this.#at++
    return `(${kept})`
  }

  /** Its envelope, body and lines. */
  #message(): string {
    const envelope = this.#next()
    this.#at++
    return ` ${envelope} ${this.body()} ${this.#next()}`
  }

  #next(): string {
    this.#at++
    return this.#value()
  }

  /** A quoted string, an atom or a parenthesised list, as it stands. */
  #value(): string {
    const start = this.#at
    let depth = 0
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at]
      if (character === '"') this.#quotedString()
      else if (depth === 0 && (character === ' ' || character === ')')) break
      else {
        if (character === '(') depth++
        else if (character === ')') depth--
        this.#at++
      }
    }
    return this.#text.slice(start, this.#at)
  }

  #quotedString(): void {
    this.#at++
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"')
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1
    this.#at++
  }
}
