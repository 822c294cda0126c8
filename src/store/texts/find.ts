/** Looking for texts in one segment. What is packed is unpacked when it is needed, the small before the large. */
import { TEXT_FORM, type TextSearch, TextVerdict } from '../types/texts.ts'
import type { SearchField } from '../types.ts'
import { type Directory, END } from './segment.ts'
import { textsByWords } from './words.ts'

/** The unpacked columns, each when it is asked for. */
export interface SegmentTexts {
  fields(): Promise<Buffer>
  /** Empty where there are none, as below. */
  headerWords(): Promise<Buffer>
  headers(): Promise<Buffer>
  bodyWords(): Promise<Buffer>
  bodies(): Promise<Buffer>
}

/** One for each email of the segment: 1 where it is among them. */
type Marks = Uint8Array

/** A TextVerdict for each email of the segment, of those that are wanted a true one. */
export async function findInSegment(
  directory: Directory,
  texts: SegmentTexts,
  search: TextSearch,
  wanted: Marks,
): Promise<Uint8Array> {
  const among = wanted.map((mark, index) =>
    mark && directory.isKept(index) && directory.form(index) === TEXT_FORM ? 1 : 0,
  )
  const found = await new Finder(directory, texts).find(search, among)
  return found.map((mark, index) => (mark ? TextVerdict.Yes : among[index] ? TextVerdict.No : TextVerdict.NotKept))
}

class Finder {
  readonly #directory: Directory
  readonly #texts: SegmentTexts

  constructor(directory: Directory, texts: SegmentTexts) {
    this.#directory = directory
    this.#texts = texts
  }

  /** Those of `among` that meet the search. */
  async find(search: TextSearch, among: Marks): Promise<Marks> {
    if (!among.includes(1)) return among
    if ('all' in search) {
      let left = among
      for (const each of byCost(search.all)) left = await this.find(each, left)
      return left
    }
    if ('any' in search) {
      const found: Marks = new Uint8Array(among.length)
      for (const each of byCost(search.any)) add(found, await this.find(each, without(among, found)))
      return found
    }
    if ('not' in search) return without(among, await this.find(search.not, among))
    if (search.in === 'header') return this.#inOwnHeader(search.name, search.text, among)
    if (search.text === '') return among
    const needle = Buffer.from(search.text)
    if (search.in === 'body') return this.#inBodies(needle, among)
    if (search.in !== 'message') return this.#inField(search.in, needle, among)
    const found = await this.#inHeaders(needle, among)
    const left = without(among, found)
    if (left.includes(1)) add(found, await this.#inBodies(needle, left))
    return found
  }

  async #inBodies(needle: Buffer, among: Marks): Promise<Marks> {
    const { found, sure } = byWords(await this.#texts.bodyWords(), needle, among)
    if (sure) return found
    return textsWith(await this.#texts.bodies(), needle, found, index => this.#directory.bodyEnd(index))
  }

  async #inHeaders(needle: Buffer, among: Marks): Promise<Marks> {
    const { found, sure } = byWords(await this.#texts.headerWords(), needle, among)
    if (sure) return found
    return textsWith(await this.#texts.headers(), needle, found, index => this.#directory.headersEnd(index))
  }

  async #inField(name: SearchField, needle: Buffer, among: Marks): Promise<Marks> {
    const text = (await this.#texts.fields()).subarray(...this.#directory.field(name))
    const found = new Uint8Array(among.length)
    let index = 0
    let end = text.indexOf(END)
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, end)) {
      // Each text ends with an END, so one is behind what was found.
      for (; end < at; index++) end = text.indexOf(END, end + 1)
      found[index] = among[index]!
    }
    return found
  }

  async #inOwnHeader(name: string, value: string, among: Marks): Promise<Marks> {
    const text = await this.#texts.headers()
    const start = Buffer.from(`${name}: `)
    const needle = Buffer.from(value)
    const found = new Uint8Array(among.length)
    let index = 0
    for (let line = text.indexOf(start), end: number; line >= 0; line = text.indexOf(start, end)) {
      end = text.indexOf(END, line)
      while (this.#directory.headersEnd(index) <= line) index++
      const isField = (line === 0 || text[line - 1] === END) && line < this.#directory.ownHeaderEnd(index)
      if (isField && text.subarray(line + start.length, end).includes(needle)) found[index] = among[index]!
    }
    return found
  }
}

/** What may have it; whether that is sure. */
function byWords(words: Buffer, needle: Buffer, among: Marks): { found: Marks; sure: boolean } {
  if (words.length === 0) return { found: among, sure: false }
  const { found, sure } = textsByWords(words, needle, among)
  return { found, sure: sure || !found.includes(1) }
}

/** `endOf`: where the text of one ends, and that of the next begins. */
function textsWith(text: Buffer, needle: Buffer, among: Marks, endOf: (index: number) => number): Marks {
  const found = new Uint8Array(among.length)
  let index = 0
  for (let at = text.indexOf(needle); at >= 0; ) {
    while (endOf(index) <= at) index++
    found[index] = among[index]!
    // One is enough: on to the next that is wanted.
    let from = endOf(index++)
    while (index < among.length && !among[index]) from = endOf(index++)
    if (index === among.length) break
    at = text.indexOf(needle, from)
  }
  return found
}

const without = (marks: Marks, less: Marks): Marks => marks.map((mark, index) => mark & ~less[index]!)

function add(marks: Marks, more: Marks): void {
  for (let index = 0; index < more.length; index++) if (more[index]) marks[index] = 1
}

/** From what is small to what is large, so that of the large as little as possible is looked at. */
function costOf(search: TextSearch): number {
  if ('all' in search) return Math.max(0, ...search.all.map(costOf))
  if ('any' in search) return Math.max(0, ...search.any.map(costOf))
  if ('not' in search) return costOf(search.not)
  return search.in === 'header' ? 1 : search.in === 'body' || search.in === 'message' ? 2 : 0
}

const byCost = (searches: readonly TextSearch[]): readonly TextSearch[] =>
  searches.toSorted((a, b) => costOf(a) - costOf(b))
