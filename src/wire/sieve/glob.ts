/** Patterns of `:matches` (RFC 5228 §2.7.1): "*" for any characters, "?" for one, a backslash before what is meant itself. */

import { STEPS_OF_MATCH } from './limits.ts'
import type { Sliced } from './slices.ts'

/** A literal run, `one` any character, or `many`. */
type Piece = { literal: string } | 'one' | 'many'

export interface Glob {
  pieces: readonly Piece[]
}

/** Places tried until that is told, so that it can be stopped. */
const WORK_TOLD = 1000

/** Literal runs in the form that `fold` gives them: the wildcards are those that were written. */
export function compileGlob(pattern: string, fold: (text: string) => string): Glob {
  const pieces: Piece[] = []
  let literal = ''
  const flush = (): void => {
    if (literal !== '') pieces.push({ literal: fold(literal) })
    literal = ''
  }
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!
    if (character === '\\' && at + 1 < pattern.length) literal += pattern[++at]!
    else if (character === '*' || character === '?') {
      flush()
      pieces.push(character === '*' ? 'many' : 'one')
    } else literal += character
  }
  flush()
  return { pieces }
}

/**
 * What each wildcard stands for, from the left, each "*" as short as can be (RFC 5229 §3.2), as [start, end) in the text;
 * null where it doesn't match. `spend` is told of the work, which is at most the length of the text times that of the
 * pattern, and may throw: behind a "*" that found its place nothing is tried again.
 * `characterEnd`: of the character at that place.
 */
export function* matchGlob(
  { pieces }: Glob,
  text: string,
  spend: (units: number) => void,
  characterEnd = (at: number) => at + characterLength(text, at),
): Sliced<[start: number, end: number][] | null> {
  let work = 0
  let sinceYield = 0
  const told = <T>(result: T): T => {
    sinceYield += work / 4
    spend(1 + work / 4)
    return result
  }
  const found: [number, number][] = []
  let at = 0
  let piece = 0
  /** The last "*": its piece, where it starts, how many it had found by then, and where it ends now. */
  let star: { piece: number; start: number; found: number; end: number } | null = null
  for (;;) {
    if (++work >= WORK_TOLD) work = told(0)
    if (sinceYield > STEPS_OF_MATCH) {
      sinceYield = 0
      yield
    }
    const current = pieces[piece]
    let fits = false
    if (current === undefined) {
      if (at === text.length) return told(found)
    } else if (current === 'many') {
      star = { piece, start: at, found: found.length, end: at }
      found.push([at, at])
      piece++
      // At the end of the pattern it takes all.
      if (piece === pieces.length) {
        found[star.found] = [star.start, text.length]
        return told(found)
      }
      continue
    } else if (current === 'one') {
      if (at < text.length) {
        const end = characterEnd(at)
        found.push([at, end])
        at = end
        fits = true
      }
    } else {
      work += current.literal.length / 64
      if (text.startsWith(current.literal, at)) {
        at += current.literal.length
        fits = true
      }
    }
    if (fits) {
      piece++
      continue
    }
    if (star === null || star.end >= text.length) return told(null)
    const from = star.end
    star.end = nextCandidate(pieces[star.piece + 1], text, star.end + characterLength(text, star.end))
    work += ((star.end < 0 ? text.length : star.end) - from) / 4
    if (star.end < 0) return told(null)
    found.length = star.found + 1
    found[star.found] = [star.start, star.end]
    at = star.end
    piece = star.piece + 1
  }
}

/** Where the piece behind a "*" may begin, at or after `from`; -1 for nowhere. */
function nextCandidate(piece: Piece | undefined, text: string, from: number): number {
  return typeof piece === 'object' ? text.indexOf(piece.literal, from) : from
}

function characterLength(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1
}
