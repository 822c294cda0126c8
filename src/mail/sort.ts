/** The orders of RFC 5256 §3 (SORT) and RFC 5957 (DISPLAY), by keys that the store keeps ready for each message. */
import type { SortKey, Uid } from '../store/types.ts'
import type { SortCriterion } from '../wire/imap/command.ts'
import { FIELD_BYTES } from '../wire/mime/limits.ts'
import { Breather } from './breather.ts'
import { COMPARED_AT_FIRST, COMPARED_BYTES, SORT_KEY_CHARACTERS } from './limits.ts'
import { countOf, type Run } from './mailbox-view.ts'
import { messagePages, PageOfBytes } from './message-pages.ts'
import { PAGE_ROWS } from './messages.ts'
import type { SearchScope } from './search.ts'

export interface SortOrder {
  by: SortCriterion
  reverse: boolean
}

export interface SortEntry {
  uid: Uid
  keys: (number | string)[]
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
export function sortMessages(scope: SearchScope, runs: Run[], asked: readonly SortOrder[]): Promise<Uint32Array> {
  const orders = decisive(asked)
  const how = `SORT ${orders.map(({ by, reverse }) => (reverse ? `-${by}` : by)).join(' ')}`
  return scope.messages.arrangements.of(scope.mailbox, how, scope.view.uidsOf(runs), async () => {
    const sorted = await sortEntries(await readEntries(scope, runs, orders), orders, scope.breather)
    return Uint32Array.from(sorted, ({ uid }) => uid)
  })
}

/** The first of each criterion: messages that it finds equal are so for those behind it, whatever is reversed. */
export const decisive = (orders: readonly SortOrder[]): SortOrder[] =>
  orders.filter(({ by }, at) => orders.findIndex(order => order.by === by) === at)

async function readEntries(scope: SearchScope, runs: Run[], orders: readonly SortOrder[]): Promise<SortEntry[]> {
  const { messages, mailbox, view, breather, progress } = scope
  progress.begin(countOf(runs) * orders.length)
  const entries: SortEntry[] = []
  for (const [place, { by }] of orders.entries()) {
    let at = 0
    const size = new PageOfBytes({ least: COMPARED_AT_FIRST, most: PAGE_ROWS, bytes: COMPARED_BYTES })
    const read = size.watching(range => messages.sortKeys(mailbox, range, keyOf[by]), lookedThrough)
    const pages = messagePages(view, runs, size, read, breather)
    for await (const { rows } of pages) {
      for (const { uid, key } of rows)
        if (place === 0) entries.push({ uid, keys: [key] })
        else {
          while (at < entries.length && entries[at]!.uid < uid) at++
          entries[at]?.keys.push(key)
        }
      progress.add(rows.length)
    }
  }
  // Of what went away between two reads there is not every key.
  return entries.filter(({ keys }) => keys.length === orders.length)
}

/** Bytes that the store may have had to look through for a key: one that is cut stands for a whole field. */
const lookedThrough = ({ key }: { key: number | string }): number =>
  typeof key === 'number' ? 8 : key.length < SORT_KEY_CHARACTERS ? key.length : FIELD_BYTES

/** In the order asked for; equal messages stay in mailbox order, whatever is reversed (RFC 5256 §3, SORT). */
export function sortEntries(
  entries: SortEntry[],
  orders: readonly SortOrder[],
  breather = new Breather(),
): Promise<SortEntry[]> {
  const compare = (a: SortEntry, b: SortEntry): number => {
    for (let i = 0; i < orders.length; i++) {
      const left = a.keys[i]!
      const right = b.keys[i]!
      if (left !== right) return left < right === orders[i]!.reverse ? 1 : -1
    }
    return a.uid - b.uid
  }
  return sortInSlices(entries, compare, breather)
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
