/** Messages of a view read from the store page by page, each with its position in the view. */
import type { UidRange } from '../store/types.ts'
import { Breather } from './breather.ts'
import type { MailboxView, Run } from './mailbox-view.ts'

/** Messages between two wanted ones that are rather read and passed over than cost another read. */
const GAP = 16

/** What one read of the store gave: rows by ascending UID, and their zero-based positions. */
export interface MessagePage<Row> {
  rows: Row[]
  positions: number[]
}

/**
 * The messages of `runs` that still exist, in order. `read` gives the rows of a range, at most `limit`. The next page is
 * asked for before the one at hand is worked on, and between two pages the event loop may turn. The view must not lose
 * messages meanwhile.
 */
export async function* messagePages<Row extends { uid: number }>(
  view: MailboxView,
  runs: readonly Run[],
  limit: number,
  read: (range: UidRange) => Promise<Row[]>,
): AsyncGenerator<MessagePage<Row>> {
  const breather = new Breather()
  const spans = spansOf(view, runs, limit)
  let next = spans.next()
  let coming = next.done ? null : read(next.value.range)
  while (coming && !next.done) {
    const rows = await coming
    const span = next.value
    next = spans.next()
    coming = next.done ? null : read(next.value.range)
    // Whoever stops early does not wait for it; its failure then matters to nobody.
    coming?.catch(() => {})
    yield place(view, span.runs, rows)
    const pause = breather.pause()
    if (pause) await pause
  }
}

interface Span {
  range: UidRange
  /** The wanted runs in the range. */
  runs: Run[]
}

/** Runs that lie close together, cut into spans of at most `limit` messages. */
function* spansOf(view: MailboxView, runs: readonly Run[], limit: number): Generator<Span> {
  let span: Run[] = []
  for (const run of runs)
    for (let first = run.first; first <= run.last; ) {
      const start = span[0]?.first ?? first
      const before = span.at(-1)
      if (before && (first - before.last > GAP || first - start >= limit)) {
        yield spanOf(view, span)
        span = []
        continue
      }
      const last = Math.min(run.last, start + limit - 1)
      span.push({ first, last })
      first = last + 1
    }
  if (span.length > 0) yield spanOf(view, span)
}

const spanOf = (view: MailboxView, runs: Run[]): Span => ({
  range: { from: view.uidAt(runs[0]!.first), to: view.uidAt(runs.at(-1)!.last) },
  runs,
})

function place<Row extends { uid: number }>(view: MailboxView, runs: readonly Run[], found: Row[]): MessagePage<Row> {
  const rows: Row[] = []
  const positions: number[] = []
  let at = 0
  let position = runs[0]!.first
  for (const row of found) {
    while (at < runs.length && view.uidAt(position) < row.uid)
      if (position < runs[at]!.last) position++
      else if (++at < runs.length) position = runs[at]!.first
    if (at === runs.length) break
    if (view.uidAt(position) !== row.uid) continue
    rows.push(row)
    positions.push(position)
  }
  return { rows, positions }
}
