/**
 * Searching a mailbox as one client sees it. The store is asked for no more than the keys need: nothing where UIDs
 * alone decide, small rows for flags, dates and sizes, the index for addresses and subjects, and bytes last.
 */
import type { EmailIndex, MessageRow, MessageWithIndex, Uid, UidRange } from '../store/types.ts'
import type { SearchKey } from '../wire/imap/command.ts'
import { intersectRanges } from '../wire/imap/number-set.ts'
import { parseDate } from '../wire/mime/date.ts'
import { Breather } from './breather.ts'
import type { MailboxView, Run } from './mailbox-view.ts'
import { messagePages } from './message-pages.ts'
import { type MailboxRef, type Messages, PAGE_ROWS } from './messages.ts'
import { and, type Candidate, type Criterion, criterionOf } from './search-criterion.ts'

export interface SearchScope {
  messages: Messages
  mailbox: MailboxRef
  view: MailboxView
  /** The saved result that "$" stands for. */
  saved: readonly UidRange[]
  /** Milliseconds since 1970, for keys that tell ages. */
  now: number
  /** Ends the search when nobody waits for it any more. */
  signal: AbortSignal
}

export interface FoundMessage {
  row: MessageRow
  index: EmailIndex | null
}

/** Ascending. */
export async function searchUids(scope: SearchScope, key: SearchKey): Promise<Uid[]> {
  const { runs, criteria } = prepare(scope, key)
  if (criteria.length === 0) return [...scope.view.uidsOf(runs)]
  const uids: Uid[] = []
  for await (const page of find(scope, runs, criteria, false)) for (const { row } of page) uids.push(row.uid)
  return uids
}

/** What `keep` makes of each message found, ascending by UID; with the index it looks at where `withIndex`. */
export async function searchMessages<Kept>(
  scope: SearchScope,
  key: SearchKey,
  withIndex: boolean,
  keep: (message: FoundMessage) => Kept,
): Promise<Kept[]> {
  const { runs, criteria } = prepare(scope, key)
  const found: Kept[] = []
  for await (const page of find(scope, runs, criteria, withIndex)) for (const message of page) found.push(keep(message))
  return found
}

/** What is to be looked at, and what is then to be tested of it. */
function prepare(scope: SearchScope, key: SearchKey): { runs: Run[]; criteria: Criterion[] } {
  const resolve = (of: SetKey): Run[] =>
    of.set === '$' ? scope.view.runsOfRanges(scope.saved) : scope.view.resolve(of.set, of.uid)
  const context = { now: scope.now, resolve: (of: SetKey) => scope.view.rangesOf(resolve(of)) }
  let runs: Run[] = scope.view.count === 0 ? [] : [{ first: 0, last: scope.view.count - 1 }]
  const criteria: Criterion[] = []
  for (const part of conjunctionOf(key))
    if (part.key === 'SET') runs = intersectRuns(runs, resolve(part))
    else if (part.key !== 'ALL') criteria.push(criterionOf(part, context))
  return { runs, criteria }
}

type SetKey = Extract<SearchKey, { key: 'SET' }>

/** The keys that all have to match. */
function* conjunctionOf(key: SearchKey): Generator<SearchKey> {
  if (key.key === 'AND') for (const part of key.of) yield* conjunctionOf(part)
  else yield key
}

function intersectRuns(a: readonly Run[], b: readonly Run[]): Run[] {
  const pairs = (runs: readonly Run[]): [number, number][] => runs.map(({ first, last }) => [first, last])
  return intersectRanges(pairs(a), pairs(b)).map(([first, last]) => ({ first, last }))
}

/** Page by page. */
async function* find(
  scope: SearchScope,
  runs: Run[],
  criteria: Criterion[],
  withIndex: boolean,
): AsyncGenerator<FoundMessage[]> {
  const byRow = criteria.filter(({ cost }) => cost === 1)
  const dearer = criteria.filter(({ cost }) => cost > 1)
  const { messages, mailbox, view } = scope
  if (dearer.length === 0 && !withIndex)
    return yield* matching(scope, runs, and(byRow), range => messages.rows(mailbox, range), candidateOfRow)
  // The larger rows are read only of what the smaller ones leave.
  let left = runs
  if (byRow.length > 0) {
    const uids: UidRange[] = []
    const rows = matching(scope, runs, and(byRow), range => messages.rows(mailbox, range), candidateOfRow)
    for await (const page of rows) for (const { row } of page) uids.push({ from: row.uid, to: row.uid })
    left = view.runsOfRanges(uids)
  }
  yield* matching(scope, left, and(dearer), range => messages.withIndex(mailbox, range), candidateWithIndex(scope))
}

async function* matching<Row extends MessageRow>(
  { view, signal }: SearchScope,
  runs: Run[],
  criterion: Criterion,
  read: (range: UidRange) => Promise<Row[]>,
  candidateOf: (row: Row) => Candidate,
): AsyncGenerator<FoundMessage[]> {
  const breather = new Breather()
  for await (const { rows } of messagePages(view, runs, PAGE_ROWS, read)) {
    const found: FoundMessage[] = []
    for (const row of rows) {
      const candidate = candidateOf(row)
      const matches = criterion.test(candidate)
      if (typeof matches === 'boolean' ? matches : await matches) found.push({ row, index: candidate.index })
      const pause = breather.pause()
      if (pause) await pause.then(() => signal.throwIfAborted())
    }
    yield found
  }
}

const nothing = (): Promise<never> => Promise.reject(new Error('A row has no more than itself'))
const candidateOfRow = (row: MessageRow): Candidate => ({ row, index: null, bytes: nothing, sentDay: nothing })

function candidateWithIndex({ messages, mailbox }: SearchScope): (row: MessageWithIndex) => Candidate {
  return row => {
    let bytes: Promise<Uint8Array> | null = null
    return {
      row,
      index: row.index,
      bytes: () => (bytes ??= messages.bytes(row.blobHash)),
      async sentDay() {
        const [message] = await messages.withEmail(mailbox, { from: row.uid, to: row.uid })
        return message ? dayOfEnvelope(message.envelope) : null
      },
    }
  }
}

/** ENVELOPE begins with the Date field as it was written. */
function dayOfEnvelope(envelope: string): number | null {
  const text = /^\("((?:[^"\\]|\\.)*)"/.exec(envelope)?.[1]
  const date = text === undefined ? null : parseDate(text.replace(/\\(.)/g, '$1'))
  return date ? Math.floor((date.time + date.zone * 60_000) / 86_400_000) * 86_400_000 : null
}
