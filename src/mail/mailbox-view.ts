/**
 * A selected mailbox as one client sees it: message sequence numbers 1…n standing for UIDs (RFC 9051 §2.3.1.2).
 *
 * - UIDs ascend, and a mailbox only ever gains UIDs above all it had. So nothing new can appear between two UIDs of a
 *   view, and one run of neighbouring sequence numbers is one UID range of the store.
 * - The view changes only through `append` and `remove`; its owner calls them when the protocol allows the client to
 *   be told (RFC 9051 §7.5.1). Until then an expunged message keeps its number.
 * - Four bytes a message: thousands of idle sessions hold one each.
 */

import type { Uid, UidRange } from '../store/types.ts'
import type { NumberRange } from '../wire/imap/command.ts'

/** Neighbouring messages of a view, as zero-based positions; both ends included. */
export interface Run {
  first: number
  last: number
}

/** A sequence number that no message of the view has (RFC 9051 §9, seq-number: the command is BAD). */
export class NoSuchSequenceNumber extends Error {
  constructor() {
    super('No message has that sequence number')
    this.name = 'NoSuchSequenceNumber'
  }
}

const STAR = 0xffffffff

export class MailboxView {
  #uids: Uint32Array
  #count: number

  /** `uids` ascend without doubles; the view takes the array over. */
  constructor(uids: Uint32Array) {
    this.#uids = uids
    this.#count = uids.length
  }

  get count(): number {
    return this.#count
  }

  /** 0 where the view is empty. */
  get lastUid(): Uid {
    return this.#count === 0 ? 0 : this.#uids[this.#count - 1]!
  }

  /** The UID at a zero-based position. */
  uidAt(position: number): Uid {
    return this.#uids[position]!
  }

  /** The position of the first UID that is at least `uid`; `count` where there is none. */
  lowerBound(uid: Uid): number {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#uids[middle]! < uid) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The zero-based position of a UID, or -1. */
  positionOf(uid: Uid): number {
    const position = this.lowerBound(uid)
    return position < this.#count && this.#uids[position] === uid ? position : -1
  }

  /** Adds the UIDs above the last one known; the others are ignored. Returns how many were added. */
  append(uids: ArrayLike<Uid>): number {
    let from = 0
    while (from < uids.length && uids[from]! <= this.lastUid) from++
    const added = uids.length - from
    if (added === 0) return 0
    if (this.#count + added > this.#uids.length) {
      const grown = new Uint32Array(this.#count + added + ((this.#count + added) >>> 4))
      grown.set(this.#uids.subarray(0, this.#count))
      this.#uids = grown
    }
    for (let index = from; index < uids.length; index++) this.#uids[this.#count++] = uids[index]!
    return added
  }

  /** Takes messages out. Returns what they were, ascending: positions before the removal, and UIDs. */
  remove(ranges: readonly UidRange[]): { positions: number[]; uids: Uid[] } {
    const positions: number[] = []
    const uids: Uid[] = []
    for (const { first, last } of this.runsOfRanges(ranges))
      for (let position = first; position <= last; position++) {
        positions.push(position)
        uids.push(this.#uids[position]!)
      }
    if (positions.length === 0) return { positions, uids }
    let write = positions[0]!
    let next = 0
    for (let read = write; read < this.#count; read++)
      if (positions[next] === read) next++
      else this.#uids[write++] = this.#uids[read]!
    this.#count = write
    if (this.#uids.length > 64 && this.#count < this.#uids.length >>> 1) this.#uids = this.#uids.slice(0, this.#count)
    return { positions, uids }
  }

  /**
   * The messages of a sequence set, ascending, each once; with `byUid` its numbers are UIDs, and those that no message
   * has are passed over (RFC 9051 §6.4.9). "*" is the last message (RFC 9051 §9, seq-number). With `lenient` sequence numbers
   * that no message has are passed over, too.
   */
  resolve(set: readonly NumberRange[], byUid: boolean, lenient = false): Run[] {
    const runs: Run[] = []
    for (const [a, b] of set) {
      const last = byUid ? this.lastUid : this.#count
      const from = Math.min(a === STAR ? last : a, b === STAR ? last : b)
      const to = Math.max(a === STAR ? last : a, b === STAR ? last : b)
      if (byUid) {
        const run = { first: this.lowerBound(from), last: this.#upperBound(to) - 1 }
        if (run.first <= run.last) runs.push(run)
      } else {
        if (!lenient && (from < 1 || to > this.#count)) throw new NoSuchSequenceNumber()
        const run = { first: Math.max(from, 1) - 1, last: Math.min(to, this.#count) - 1 }
        if (run.first <= run.last) runs.push(run)
      }
    }
    return mergeRuns(runs)
  }

  /** The messages of the view that are in UID ranges of any order. */
  runsOfRanges(ranges: Iterable<UidRange>): Run[] {
    const runs: Run[] = []
    for (const { from, to } of ranges) {
      const run = { first: this.lowerBound(from), last: this.#upperBound(to) - 1 }
      if (run.first <= run.last) runs.push(run)
    }
    return mergeRuns(runs)
  }

  /** Runs as the store asks for them. */
  rangesOf(runs: readonly Run[]): UidRange[] {
    return runs.map(({ first, last }) => ({ from: this.#uids[first]!, to: this.#uids[last]! }))
  }

  /** The UIDs of runs, as numbers of their own: neighbours in the view need not be neighbouring UIDs. */
  uidsOf(runs: readonly Run[]): Uint32Array {
    const uids = new Uint32Array(countOf(runs))
    let at = 0
    for (const { first, last } of runs) {
      uids.set(this.#uids.subarray(first, last + 1), at)
      at += last - first + 1
    }
    return uids
  }

  /**
   * QRESYNC's sequence match data (RFC 7162 §3.2.5.2): the highest UID up to which the client has missed no expunge, 0
   * where nothing matches. Both sets are in the client's order, which must ascend.
   */
  matchedUpTo(sequences: readonly NumberRange[], uids: readonly NumberRange[]): Uid {
    let matched = 0
    const claimed = numbersOf(uids)
    for (const sequence of numbersOf(sequences)) {
      const uid = claimed.next()
      if (uid.done || sequence < 1 || sequence > this.#count || this.#uids[sequence - 1] !== uid.value) break
      matched = uid.value
    }
    return matched
  }

  /** The position behind the last UID that is at most `uid`. */
  #upperBound(uid: Uid): number {
    return uid >= STAR ? this.#count : this.lowerBound(uid + 1)
  }
}

/** How many messages runs hold. */
export function countOf(runs: readonly Run[]): number {
  let count = 0
  for (const { first, last } of runs) count += last - first + 1
  return count
}

/** Sorts runs and joins those that touch or overlap. */
export function mergeRuns(runs: Run[]): Run[] {
  if (runs.length < 2) return runs
  runs.sort((a, b) => a.first - b.first)
  const merged: Run[] = []
  for (const run of runs) {
    const before = merged.at(-1)
    if (before && run.first <= before.last + 1) before.last = Math.max(before.last, run.last)
    else merged.push(run)
  }
  return merged
}

function* numbersOf(set: readonly NumberRange[]): Generator<number> {
  for (const [from, to] of set) for (let number = from; number <= to; number++) yield number
}
