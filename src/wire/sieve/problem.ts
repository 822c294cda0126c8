/** Where in a script something is, and the two ways in which it can be wrong. */
import type { Position } from './types.ts'

/** The script can't be compiled. `at`: where, in UTF-16 units from its beginning. */
export class SyntaxProblem extends Error {
  readonly at: number

  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

/** The script can't go on with this message. */
export class RuntimeProblem extends Error {
  readonly at: number

  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

export function positionOf(source: string, at: number): Position {
  return positionsOf(source, [at])[0]!
}

/** Of several places at once, in one pass: a script that is wrong in many has them all at its end. */
export function positionsOf(source: string, places: readonly number[]): Position[] {
  const positions = new Array<Position>(places.length)
  let [line, start, counted, column] = [1, 0, 0, 1]
  for (const index of places
    .keys()
    .toArray()
    .sort((a, b) => places[a]! - places[b]!)) {
    const at = places[index]!
    for (let end = source.indexOf('\n', start); end >= 0 && end < at; end = source.indexOf('\n', start)) {
      line++
      start = end + 1
      counted = start
      column = 1
    }
    // The second half of a pair is no character of its own.
    for (; counted < at; counted++) if ((source.charCodeAt(counted) & 0xfc00) !== 0xdc00) column++
    positions[index] = { line, column }
  }
  return positions
}
