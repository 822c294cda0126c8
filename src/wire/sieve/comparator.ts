/** How texts are compared (RFC 4790, RFC 5228 §2.7.3). */
import { casemap } from '../mime/casemap.ts'

export interface Comparator {
  name: string
  /** The form in which equal texts are equal, and by which they are ordered; null where a text has none. */
  fold(text: string): string
  /** Less than 0, 0, more than 0. */
  compare(a: string, b: string): number
  isEqual(a: string, b: string): boolean
  /** Whether it can look for a text in another (RFC 4790 §4.2.2). */
  hasSubstrings: boolean
  /** Whether what stands somewhere in the form stands there in the text. */
  keepsPlaces: boolean
}

/** Upper case: what i;ascii-casemap orders by. Text beyond ASCII stays as it is. */
export function asciiUpper(text: string): string {
  // A call for each word of a megabyte takes long.
  if (!/[^\x00-\x7f]/.test(text)) return text.toUpperCase()
  return /[a-z]/.test(text) ? text.replace(/[a-z]+/g, letters => letters.toUpperCase()) : text
}

/** By code points, as the octets of UTF-8 are ordered. */
function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0
  return /[\ud800-\udfff]/.test(a) || /[\ud800-\udfff]/.test(b)
    ? Buffer.compare(Buffer.from(a), Buffer.from(b))
    : a < b
      ? -1
      : 1
}

function folding(name: string, keepsPlaces: boolean, fold: (text: string) => string): Comparator {
  return {
    name,
    fold,
    compare: (a, b) => compareCodePoints(fold(a), fold(b)),
    isEqual: (a, b) => fold(a) === fold(b),
    hasSubstrings: true,
    keepsPlaces,
  }
}

/** RFC 4790 §9.1: the digits that a text begins with; without any it is larger than all numbers, and such are equal. */
function digitsOf(text: string): string | null {
  const digits = /^\d*/.exec(text)![0]
  return digits === '' ? null : digits.replace(/^0+(?=.)/, '')
}

function compareNumbers(a: string, b: string): number {
  const left = digitsOf(a)
  const right = digitsOf(b)
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  return left.length - right.length || compareCodePoints(left, right)
}

export const octet = folding('i;octet', true, text => text)
export const asciiCasemap = folding('i;ascii-casemap', true, asciiUpper)
const unicodeCasemap = folding('i;unicode-casemap', false, casemap)
const asciiNumeric: Comparator = {
  name: 'i;ascii-numeric',
  fold: text => digitsOf(text) ?? '',
  compare: compareNumbers,
  isEqual: (a, b) => compareNumbers(a, b) === 0,
  hasSubstrings: false,
  keepsPlaces: false,
}

export const comparators: ReadonlyMap<string, Comparator> = new Map(
  [octet, asciiCasemap, unicodeCasemap, asciiNumeric].map(comparator => [comparator.name, comparator]),
)
