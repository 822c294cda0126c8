/** Sets of messages as runs of a view: ascending, apart from each other. */
import { intersectRanges } from '../wire/imap/number-set.ts'
import { mergeRuns, type Run } from './mailbox-view.ts'

export function intersectRuns(a: readonly Run[], b: readonly Run[]): Run[] {
  return intersectRanges(pairsOf(a), pairsOf(b)).map(([first, last]) => ({ first, last }))
}

export const uniteRuns = (a: readonly Run[], b: readonly Run[]): Run[] =>
  mergeRuns([...a, ...b].map(({ first, last }) => ({ first, last })))

/** The messages from the place `start` among them to before `end`. */
export function sliceRuns(runs: readonly Run[], start: number, end: number): Run[] {
  const sliced: Run[] = []
  let before = 0
  for (const { first, last } of runs) {
    const from = Math.max(start - before, 0)
    const to = Math.min(end - before, last - first + 1)
    if (from < to) sliced.push({ first: first + from, last: first + to - 1 })
    before += last - first + 1
  }
  return sliced
}

/** What is in `from` and not in `less`. */
export function subtractRuns(from: readonly Run[], less: readonly Run[]): Run[] {
  const left: Run[] = []
  let at = 0
  for (const { first, last } of from) {
    let start = first
    while (at < less.length && less[at]!.last < start) at++
    for (let next = at; next < less.length && less[next]!.first <= last; next++) {
      if (start < less[next]!.first) left.push({ first: start, last: less[next]!.first - 1 })
      start = less[next]!.last + 1
    }
    if (start <= last) left.push({ first: start, last })
  }
  return left
}

const pairsOf = (runs: readonly Run[]): [number, number][] => runs.map(({ first, last }) => [first, last])
