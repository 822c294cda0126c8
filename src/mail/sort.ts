/** The orders of RFC 5256 §3 (SORT) and RFC 5957 (DISPLAY), by keys that the store keeps ready for each message. */
import type { SortKey, SortKeys, Uid, UidRange } from '../store/types.ts'
import type { SortCriterion } from '../wire/imap/command.ts'
import { Breather } from './breather.ts'
import type { Run } from './mailbox-view.ts'
import { columnPages } from './message-pages.ts'
import { PAGE_ROWS } from './messages.ts'
import type { SearchScope } from './search.ts'

export interface SortOrder {
  by: SortCriterion
  reverse: boolean
}

/** Messages by ascending UID, with a column of their keys for each criterion: an object for each would cost more than sorting them. */
export interface SortTable {
  uids: Uid[]
  columns: SortKeys['keys'][]
}

/** Elements sorted or merged in one step: about two milliseconds. */
const SLICE = 2048

const keyOf: Record<SortCriterion, SortKey> = {
  ARRIVAL: 'internalDate',
  SIZE: 'sizeBytes',
  DATE: 'sentDate',
  SUBJECT: 'baseSubject',
  FROM: 'sortFrom',
  TO: 'sortTo',
  CC: 'sortCc',
  DISPLAYFROM: 'displayFrom',
  DISPLAYTO: 'displayTo',
}

/** The UIDs of `runs` in the order asked for. Messages that are gone are left out. */
export function sortMessages(scope: SearchScope, runs: Run[], orders: readonly SortOrder[]): Promise<Uint32Array> {
  const how = `SORT ${orders.map(({ by, reverse }) => (reverse ? `-${by}` : by)).join(' ')}`
  return scope.messages.arrangements.of(scope.mailbox, how, scope.view.uidsOf(runs), async () =>
    sortTable(await readTable(scope, runs, orders), orders, scope.breather),
  )
}

async function readTable(scope: SearchScope, runs: Run[], orders: readonly SortOrder[]): Promise<SortTable> {
  let table: SortTable | null = null
  for (const { by } of orders) {
    const next = await readColumn(scope, runs, by)
    table = table ? joined(table, next) : next
  }
  return table ?? { uids: [], columns: [] }
}

async function readColumn(scope: SearchScope, runs: Run[], by: SortCriterion): Promise<SortTable> {
  const { messages, mailbox, view, breather } = scope
  const uids: Uid[] = []
  const column: SortKeys['keys'] = []
  const read = (range: UidRange): Promise<SortKeys> => messages.sortKeys(mailbox, range, keyOf[by])
  for await (const { columns, places } of columnPages(view, runs, PAGE_ROWS, read, breather))
    for (const place of places) {
      uids.push(columns.uids[place]!)
      column.push(columns.keys[place]!)
    }
  return { uids, columns: [column] }
}

/** The messages that are in both: what went away between two reads has not every key. */
function joined(left: SortTable, right: SortTable): SortTable {
  const both: SortTable = { uids: [], columns: [...left.columns, ...right.columns].map(() => []) }
  for (let l = 0, r = 0; l < left.uids.length; l++) {
    const uid = left.uids[l]!
    while (r < right.uids.length && right.uids[r]! < uid) r++
    if (right.uids[r] !== uid) continue
    both.uids.push(uid)
    let to = 0
    for (const column of left.columns) both.columns[to++]!.push(column[l]!)
    for (const column of right.columns) both.columns[to++]!.push(column[r]!)
  }
  return both
}

/** UIDs in the order asked for; equal messages stay in mailbox order, whatever is reversed (RFC 5256 §3, SORT). */
export async function sortTable(
  { uids, columns }: SortTable,
  orders: readonly SortOrder[],
  breather = new Breather(),
): Promise<Uint32Array> {
  const compare = (a: number, b: number): number => {
    for (let i = 0; i < columns.length; i++) {
      const left = columns[i]![a]!
      const right = columns[i]![b]!
      if (left !== right) return left < right === orders[i]!.reverse ? 1 : -1
    }
    return a - b
  }
  const places = await sortInSlices([...uids.keys()], compare, breather)
  const sorted = new Uint32Array(places.length)
  for (let at = 0; at < places.length; at++) sorted[at] = uids[places[at]!]!
  return sorted
}

/** A merge sort that lets the event loop turn between slices. `compare` never finds two elements equal. */
export async function sortInSlices<T>(
  elements: T[],
  compare: (a: T, b: T) => number,
  breather: Breather,
): Promise<T[]> {
  let runs: T[][] = []
  for (let at = 0; at < elements.length; at += SLICE) {
    await breather.pause()
    runs.push(elements.slice(at, at + SLICE).sort(compare))
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let pair = 0; pair < runs.length; pair += 2) {
      const right = runs[pair + 1]
      merged.push(right ? await merge(runs[pair]!, right, compare, breather) : runs[pair]!)
    }
    runs = merged
  }
  return runs[0] ?? []
}

async function merge<T>(left: T[], right: T[], compare: (a: T, b: T) => number, breather: Breather): Promise<T[]> {
  // Most mailboxes are in the order in which their messages arrived, or nearly, and as often the reverse is asked for.
  if (compare(left.at(-1)!, right[0]!) < 0) return left.concat(right)
  if (compare(right.at(-1)!, left[0]!) < 0) return right.concat(left)
  const merged: T[] = []
  let l = 0
  let r = 0
  while (l < left.length && r < right.length) {
    merged.push(compare(left[l]!, right[r]!) <= 0 ? left[l++]! : right[r++]!)
    if (merged.length % SLICE === 0) await breather.pause()
  }
  while (l < left.length) merged.push(left[l++]!)
  while (r < right.length) merged.push(right[r++]!)
  return merged
}
