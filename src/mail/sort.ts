/** The orders of RFC 5256 §3 (SORT) and RFC 5957 (DISPLAY), on what the store keeps ready of each message. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EmailIndex, MessageRow, Uid } from '../store/types.ts'
import type { SortCriterion } from '../wire/imap/command.ts'

export interface SortOrder {
  by: SortCriterion
  reverse: boolean
}

/** What ordering needs of a message. `index` may be missing where no criterion asks for it. */
export interface Sortable {
  row: Pick<MessageRow, 'uid' | 'internalDate' | 'sizeBytes'>
  index: EmailIndex | null
}

/** Elements sorted or merged before the event loop gets its turn: about five milliseconds. */
const SLICE = 4096

/** Whether a criterion looks at more than dates of arrival and sizes. */
export const sortNeedsIndex = (orders: readonly SortOrder[]): boolean =>
  orders.some(({ by }) => by !== 'ARRIVAL' && by !== 'SIZE')

/** RFC 5256 §2.2: the Date field in UTC, else the internal date. */
export const sentDateOf = ({ row, index }: Sortable): number => index?.sentAt ?? row.internalDate

const keyOf: Record<SortCriterion, (message: Sortable) => number | string> = {
  ARRIVAL: ({ row }) => row.internalDate,
  SIZE: ({ row }) => row.sizeBytes,
  DATE: sentDateOf,
  SUBJECT: ({ index }) => index?.baseSubject ?? '',
  FROM: ({ index }) => index?.sortFrom ?? '',
  TO: ({ index }) => index?.sortTo ?? '',
  CC: ({ index }) => index?.sortCc ?? '',
  DISPLAYFROM: ({ index }) => index?.displayFrom ?? '',
  DISPLAYTO: ({ index }) => index?.displayTo ?? '',
}

/** What is kept of a message while the others are found. */
export interface SortEntry {
  uid: Uid
  keys: (number | string)[]
}

export const sortEntry = (message: Sortable, orders: readonly SortOrder[]): SortEntry => ({
  uid: message.row.uid,
  keys: orders.map(({ by }) => keyOf[by](message)),
})

/** In the order asked for; equal messages stay in mailbox order, whatever is reversed (RFC 5256 §3, SORT). */
export function sortEntries<Entry extends SortEntry>(entries: Entry[], orders: readonly SortOrder[]): Promise<Entry[]> {
  return sortInSlices(entries, (a, b) => {
    for (let i = 0; i < orders.length; i++) {
      const left = a.keys[i]!
      const right = b.keys[i]!
      if (left !== right) return left < right === orders[i]!.reverse ? 1 : -1
    }
    return a.uid - b.uid
  })
}

/** A merge sort that lets the event loop turn between slices. `compare` never finds two elements equal. */
export async function sortInSlices<T>(elements: T[], compare: (a: T, b: T) => number): Promise<T[]> {
  let runs: T[][] = []
  for (let at = 0; at < elements.length; at += SLICE) {
    if (at > 0) await nextTurn()
    runs.push(elements.slice(at, at + SLICE).sort(compare))
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let pair = 0; pair < runs.length; pair += 2) {
      const right = runs[pair + 1]
      merged.push(right ? await merge(runs[pair]!, right, compare) : runs[pair]!)
    }
    runs = merged
  }
  return runs[0] ?? []
}

async function merge<T>(left: T[], right: T[], compare: (a: T, b: T) => number): Promise<T[]> {
  const merged: T[] = []
  let l = 0
  let r = 0
  while (l < left.length && r < right.length) {
    merged.push(compare(left[l]!, right[r]!) <= 0 ? left[l++]! : right[r++]!)
    if (merged.length % SLICE === 0) await nextTurn()
  }
  while (l < left.length) merged.push(left[l++]!)
  while (r < right.length) merged.push(right[r++]!)
  return merged
}
