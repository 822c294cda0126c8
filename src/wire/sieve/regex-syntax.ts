/** The syntax of regular expressions: POSIX extended ones (IEEE 1003.1 §9.4), as draft-ietf-sieve-regex asks for, with the \d, \w and \s that people know. */
import { REGEX_LENGTH, REGEX_NESTING, REGEX_REPEAT } from './limits.ts'

export class RegexProblem extends Error {}

/** First and last code point. */
type Range = [low: number, high: number]

/** Whether a character, by its code point, is one of a set. */
export type CharacterTest = (point: number) => boolean

export type RegexNode =
  | { kind: 'character'; test: CharacterTest }
  | { kind: 'start' | 'end' }
  | { kind: 'sequence'; nodes: RegexNode[] }
  | { kind: 'either'; nodes: RegexNode[] }
  | { kind: 'group'; number: number; node: RegexNode }
  /** `most` is Infinity for no bound. */
  | { kind: 'repeat'; node: RegexNode; least: number; most: number }

const isDigit: CharacterTest = c => c >= 0x30 && c <= 0x39
const isLower: CharacterTest = c => c >= 0x61 && c <= 0x7a
const isUpper: CharacterTest = c => c >= 0x41 && c <= 0x5a
const isSpace: CharacterTest = c => c === 0x20 || (c >= 9 && c <= 13)
const isBeyondAscii = (c: number, pattern: RegExp): boolean => c > 0x7f && pattern.test(String.fromCodePoint(c))
const isAlpha: CharacterTest = c => isLower(c) || isUpper(c) || isBeyondAscii(c, /\p{L}/u)
const isPunctuation: CharacterTest = c => c > 0x20 && c < 0x7f && !isAlpha(c) && !isDigit(c)
const isWord: CharacterTest = c => c === 0x5f || isAlpha(c) || isDigit(c)
const isHex: CharacterTest = c => isDigit(c) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66)

const CLASSES: Readonly<Record<string, CharacterTest>> = {
  alpha: isAlpha,
  digit: isDigit,
  alnum: c => isAlpha(c) || isDigit(c),
  upper: c => isUpper(c) || isBeyondAscii(c, /\p{Lu}/u),
  lower: c => isLower(c) || isBeyondAscii(c, /\p{Ll}/u),
  space: isSpace,
  blank: c => c === 0x20 || c === 9,
  punct: isPunctuation,
  print: c => c >= 0x20 && c !== 0x7f,
  graph: c => c > 0x20 && c !== 0x7f,
  cntrl: c => c < 0x20 || c === 0x7f,
  xdigit: isHex,
}

const ESCAPES: Readonly<Record<string, CharacterTest>> = {
  d: isDigit,
  D: c => !isDigit(c),
  w: isWord,
  W: c => !isWord(c),
  s: isSpace,
  S: c => !isSpace(c),
}

/** `{255,255}` and a little more. */
const BOUND_LENGTH = 16

/** Throws a RegexProblem. */
export function parseRegex(pattern: string, ignoresCase: boolean): { node: RegexNode; groups: number } {
  const parser = new RegexParser(pattern, ignoresCase)
  return { node: parser.whole(), groups: parser.groups }
}

class RegexParser {
  readonly #points: string[]
  readonly #ignoresCase: boolean
  #at = 0
  #depth = 0
  groups = 0

  constructor(pattern: string, ignoresCase: boolean) {
    if (pattern.length > REGEX_LENGTH)
      throw new RegexProblem(`the regular expression is longer than ${REGEX_LENGTH} characters`)
    this.#points = [...pattern]
    this.#ignoresCase = ignoresCase
  }

  whole(): RegexNode {
    const node = this.#either()
    if (this.#at < this.#points.length) throw this.#wrong('a ")" has no "("')
    return node
  }

  #wrong(what: string): RegexProblem {
    return new RegexProblem(`the regular expression is wrong: ${what}`)
  }

  #either(): RegexNode {
    const nodes = [this.#sequence()]
    while (this.#points[this.#at] === '|') {
      this.#at++
      nodes.push(this.#sequence())
    }
    return nodes.length === 1 ? nodes[0]! : { kind: 'either', nodes }
  }

  #sequence(): RegexNode {
    const nodes: RegexNode[] = []
    for (;;) {
      const character = this.#points[this.#at]
      if (character === undefined || character === '|' || character === ')') break
      nodes.push(this.#repeats(this.#atom(character)))
    }
    return nodes.length === 1 ? nodes[0]! : { kind: 'sequence', nodes }
  }

  #atom(character: string): RegexNode {
    this.#at++
    switch (character) {
      case '^':
        return { kind: 'start' }
      case '$':
        return { kind: 'end' }
      case '.':
        return { kind: 'character', test: () => true }
      case '[':
        return { kind: 'character', test: this.#bracket() }
      case '(':
        return this.#group()
      case '*':
      case '+':
      case '?':
        throw this.#wrong(`nothing stands before "${character}"`)
      case '{':
        // As a character of its own where it begins no bound: GNU and others take it so.
        if (this.#bound(this.#at - 1) !== null) throw this.#wrong('nothing stands before "{"')
        return this.#literal('{')
      case '\\':
        return this.#escape()
      default:
        return this.#literal(character)
    }
  }

  #group(): RegexNode {
    if (this.#depth === REGEX_NESTING) throw this.#wrong(`more than ${REGEX_NESTING} groups inside each other`)
    if (this.#points[this.#at] === '?') throw this.#wrong('"(?" has no meaning here')
    this.#depth++
    const number = ++this.groups
    const node = this.#either()
    if (this.#points[this.#at] !== ')') throw this.#wrong('a "(" has no ")"')
    this.#at++
    this.#depth--
    return { kind: 'group', number, node }
  }

  #escape(): RegexNode {
    const character = this.#points[this.#at++]
    if (character === undefined) throw this.#wrong('nothing stands behind the last "\\"')
    const test = Object.hasOwn(ESCAPES, character) ? ESCAPES[character] : undefined
    if (test) return { kind: 'character', test }
    if (/[a-z0-9]/i.test(character)) throw this.#wrong(`"\\${character}" has no meaning here`)
    return this.#literal(character)
  }

  #literal(character: string): RegexNode {
    const point = character.codePointAt(0)!
    const others = this.#ignoresCase ? otherCases(point) : []
    const [other = point, third = point] = others
    return { kind: 'character', test: c => c === point || c === other || c === third }
  }

  #repeats(atom: RegexNode): RegexNode {
    let node = atom
    let count = 0
    for (;;) {
      const character = this.#points[this.#at]
      const bound =
        character === '*'
          ? { least: 0, most: Number.POSITIVE_INFINITY, end: this.#at + 1 }
          : character === '+'
            ? { least: 1, most: Number.POSITIVE_INFINITY, end: this.#at + 1 }
            : character === '?'
              ? { least: 0, most: 1, end: this.#at + 1 }
              : this.#bound(this.#at)
      if (bound === null) return node
      const { least, most, end } = bound
      if (least > REGEX_REPEAT || (most !== Number.POSITIVE_INFINITY && most > REGEX_REPEAT))
        throw this.#wrong(`more than ${REGEX_REPEAT} repeats`)
      if (least > most) throw this.#wrong('a bound of repeats is below the other')
      this.#at = end
      if (++count > REGEX_NESTING) throw this.#wrong('too many repeats of repeats')
      // Nothing, however often, is nothing: else `a{0}{255}{255}…` would take its time.
      if (most === 0) node = { kind: 'sequence', nodes: [] }
      else if (!isNothing(node)) node = { kind: 'repeat', node, least, most }
    }
  }

  /** `{2}`, `{2,}`, `{2,4}` at `from`; null for anything else. */
  #bound(from: number): { least: number; most: number; end: number } | null {
    if (this.#points[from] !== '{') return null
    const length = this.#points.slice(from, from + BOUND_LENGTH).indexOf('}')
    if (length < 0) return null
    const end = from + length
    const match = /^(\d+)(,?)(\d*)$/.exec(this.#points.slice(from + 1, end).join(''))
    if (match === null) return null
    const least = Number(match[1])
    const most = match[2] === '' ? least : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3])
    return { least, most, end: end + 1 }
  }

  #bracket(): CharacterTest {
    const isNegated = this.#points[this.#at] === '^'
    if (isNegated) this.#at++
    const ranges: Range[] = []
    const classes: CharacterTest[] = []
    for (let isFirst = true; ; isFirst = false) {
      const character = this.#points[this.#at]
      if (character === undefined) throw this.#wrong('a "[" has no "]"')
      if (character === ']' && !isFirst) break
      if (character === '[' && this.#points[this.#at + 1] === ':') {
        classes.push(this.#class())
        continue
      }
      if (character === '[' && /^[.=]$/.test(this.#points[this.#at + 1] ?? ''))
        throw this.#wrong('collating elements are not known here')
      this.#at++
      let high = character
      const isRange = this.#points[this.#at] === '-' && !/^\]?$/.test(this.#points[this.#at + 1] ?? '')
      if (isRange) {
        high = this.#points[this.#at + 1]!
        this.#at += 2
        if (high.codePointAt(0)! < character.codePointAt(0)!)
          throw this.#wrong(`the range ${character}-${high} is upside down`)
      }
      ranges.push([character.codePointAt(0)!, high.codePointAt(0)!])
    }
    this.#at++
    const test = inRanges(ranges, classes, this.#ignoresCase)
    return isNegated ? c => !test(c) : test
  }

  #class(): CharacterTest {
    const end = this.#points.indexOf(']', this.#at)
    const name = this.#points.slice(this.#at + 2, end < 0 ? undefined : end - 1).join('')
    const test = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined
    if (test === undefined || end < 0 || this.#points[end - 1] !== ':')
      throw this.#wrong(`there is no class of characters "${name.slice(0, 20)}"`)
    this.#at = end + 1
    return test
  }
}

function isNothing(node: RegexNode): boolean {
  return node.kind === 'sequence' && node.nodes.length === 0
}

/**
 * Whether a character is in one of the ranges or classes; where case doesn't count, whether it is in another case. Told at
 * once for ASCII, and otherwise by halving: sets are looked at for each character of a text.
 */
function inRanges(ranges: readonly Range[], classes: readonly CharacterTest[], ignoresCase: boolean): CharacterTest {
  const sorted: Range[] = []
  for (const range of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = sorted.at(-1)
    if (last && range[0] <= last[1] + 1) last[1] = Math.max(last[1], range[1])
    else sorted.push([...range])
  }
  const bounds = sorted.flat()
  const known = [...new Set(classes)]
  const has = (c: number): boolean => isInSorted(bounds, c) || known.some(test => test(c))
  const hasAnyCase: CharacterTest = ignoresCase ? c => has(c) || otherCases(c).some(has) : has
  // As four numbers: an array of each of the ten thousands of sets that a script may have is memory, and time to collect it.
  const [a, b, c, d] = bitsOf(asciiTable(sorted, known, ignoresCase))
  return point => {
    if (point >= 128) return hasAnyCase(point)
    const bits = point < 64 ? (point < 32 ? a : b) : point < 96 ? c : d
    return ((bits >> (point & 31)) & 1) === 1
  }
}

function bitsOf(table: Uint8Array): [number, number, number, number] {
  const bits: [number, number, number, number] = [0, 0, 0, 0]
  for (let c = 0; c < 128; c++) bits[c >> 5]! |= table[c]! << (c & 31)
  return bits
}

/** Made for each set of a script: a hundred thousand questions to functions would hold up a mail server. */
function asciiTable(ranges: readonly Range[], classes: readonly CharacterTest[], ignoresCase: boolean): Uint8Array {
  const table = new Uint8Array(128)
  for (const [low, high] of ranges) table.fill(1, Math.min(low, 128), Math.min(high, 127) + 1)
  for (const test of classes) {
    const members = asciiOf(test)
    for (let c = 0; c < 128; c++) table[c]! |= members[c]!
  }
  if (ignoresCase)
    for (let c = 0x61; c <= 0x7a; c++) {
      const either = table[c]! | table[c - 0x20]!
      table[c] = either
      table[c - 0x20] = either
    }
  return table
}

const asciiTables = new Map<CharacterTest, Uint8Array>()

/** `test`: one of the classes by name, of which there are a dozen. */
function asciiOf(test: CharacterTest): Uint8Array {
  let table = asciiTables.get(test)
  if (table === undefined) {
    table = Uint8Array.from({ length: 128 }, (_, c) => (test(c) ? 1 : 0))
    asciiTables.set(test, table)
  }
  return table
}

/** `bounds`: the first and last of each range, in order. */
function isInSorted(bounds: readonly number[], point: number): boolean {
  let [low, high] = [0, bounds.length / 2]
  while (low < high) {
    const middle = (low + high) >> 1
    if (bounds[middle * 2 + 1]! < point) low = middle + 1
    else high = middle
  }
  return low * 2 < bounds.length && bounds[low * 2]! <= point
}

function otherCases(point: number): number[] {
  if (point < 0x80) return isLower(point) || isUpper(point) ? [point ^ 0x20] : []
  const character = String.fromCodePoint(point)
  return [character.toLowerCase(), character.toUpperCase()]
    .map(other => other.codePointAt(0)!)
    .filter(other => other !== point)
}
