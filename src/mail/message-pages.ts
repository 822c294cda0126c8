/** Messages of a view read from the store page by page, each with its position in the view. */
import type { Uid, UidRange } from '../store/types.ts'
import { Breather } from './breather.ts'
import type { MailboxView, Run } from './mailbox-view.ts'

/** Messages between two wanted ones that are rather read and passed over than cost another read. */
const GAP = 16

/** What one read of the store gave: rows by ascending UID, and their zero-based positions. */
export interface MessagePage<Row> {
  rows: Row[]
  positions: number[]
}

/** How many messages the next read may ask for. */
export type PageLimit = number | { readonly rows: number }

/**
 * Of rows that may be large: few at first, more as long as they turn out small, and fewer again behind large ones. A message
 * can say a megabyte of itself, and mailboxes of such messages can be made by whoever writes to them.
 */
export class PageOfBytes {
  rows: number
  readonly #most: number
  readonly #bytes: number

  constructor(limits: { least: number; most: number; bytes: number }) {
    this.rows = limits.least
    this.#most = limits.most
    this.#bytes = limits.bytes
  }

  /** What so many rows had together. */
  saw(rows: number, bytes: number): void {
    if (rows === 0) return
    const fitting = Math.floor((this.#bytes * rows) / Math.max(1, bytes))
    this.rows = Math.max(1, Math.min(this.#most, fitting, this.rows * 2))
  }

  /** `read`, of whose rows it sees each time what they have. */
  watching<Row>(
    read: (range: UidRange) => Promise<Row[]>,
    bytesOf: (row: Row) => number,
  ): (range: UidRange) => Promise<Row[]> {
    return async range => {
      const rows = await read(range)
      let bytes = 0
      for (const row of rows) bytes += bytesOf(row)
      this.saw(rows.length, bytes)
      return rows
    }
  }
}

/** The messages of `runs` that still exist, in order. `read` gives the rows of a range, at most `limit`. */
export async function* messagePages<Row extends { uid: Uid }>(
  view: MailboxView,
  runs: readonly Run[],
  limit: PageLimit,
  read: (range: UidRange) => Promise<Row[]>,
  breather = new Breather(),
): AsyncGenerator<MessagePage<Row>> {
  for await (const { span, answer } of spansRead(view, runs, limit, read, breather)) {
    const page: MessagePage<Row> = { rows: [], positions: [] }
    const cursor = new Cursor(view, span.runs)
    for (const row of answer) {
      const position = cursor.positionOf(row.uid)
      if (position < 0) continue
      page.rows.push(row)
      page.positions.push(position)
    }
    yield page
  }
}

/** Those messages of `runs` that `read` finds: it gives UIDs of a range, ascending. */
export async function findRuns(
  view: MailboxView,
  runs: readonly Run[],
  limit: number,
  read: (range: UidRange) => Promise<ArrayLike<Uid>>,
  breather: Breather,
): Promise<Run[]> {
  const found: Run[] = []
  for await (const { span, answer } of spansRead(view, runs, limit, read, breather)) {
    const cursor = new Cursor(view, span.runs)
    for (let at = 0; at < answer.length; at++) {
      const position = cursor.positionOf(answer[at]!)
      if (position >= 0) extend(found, position)
    }
  }
  return found
}

/** Adds a position above all others. */
export function extend(runs: Run[], position: number): void {
  const last = runs.at(-1)
  if (last?.last === position - 1) last.last = position
  else runs.push({ first: position, last: position })
}

/**
 * What `read` answers for each span of the runs. The next one is asked for before the answer at hand is worked on, and
 * between two the event loop may turn. The view must not lose messages meanwhile.
 */
async function* spansRead<Answer>(
  view: MailboxView,
  runs: readonly Run[],
  limit: PageLimit,
  read: (range: UidRange) => Promise<Answer>,
  breather: Breather,
): AsyncGenerator<{ span: Span; answer: Answer }> {
  const spans = spansOf(view, runs, limit)
  let next = spans.next()
  let coming = next.done ? null : read(next.value.range)
  while (coming && !next.done) {
    const answer = await coming
    const span = next.value
    next = spans.next()
    coming = next.done ? null : read(next.value.range)
    // Whoever stops early does not wait for it; its failure then matters to nobody.
    coming?.catch(() => {})
    yield { span, answer }
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
function* spansOf(view: MailboxView, runs: readonly Run[], most: PageLimit): Generator<Span> {
  let span: Run[] = []
  for (const run of runs)
    for (let first = run.first; first <= run.last; ) {
      const limit = typeof most === 'number' ? most : most.rows
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

/** Positions of ascending UIDs. */
class Cursor {
  readonly #view: MailboxView
  readonly #runs: readonly Run[]
  #at = 0
  #position: number

  constructor(view: MailboxView, runs: readonly Run[]) {
    this.#view = view
    this.#runs = runs
    this.#position = runs[0]?.first ?? 0
  }

  /** -1 where none of the runs has it. */
  positionOf(uid: Uid): number {
    while (this.#at < this.#runs.length && this.#view.uidAt(this.#position) < uid)
      if (this.#position < this.#runs[this.#at]!.last) this.#position++
      else if (++this.#at < this.#runs.length) this.#position = this.#runs[this.#at]!.first
    return this.#at < this.#runs.length && this.#view.uidAt(this.#position) === uid ? this.#position : -1
  }
}
