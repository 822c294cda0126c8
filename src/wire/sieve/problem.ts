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
  let line = 1
  let start = 0
  for (let end = source.indexOf('\n'); end >= 0 && end < at; end = source.indexOf('\n', start)) {
    line++
    start = end + 1
  }
  return { line, column: [...source.slice(start, at)].length + 1 }
}
