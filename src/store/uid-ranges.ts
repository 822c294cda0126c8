import type { Uid, UidRange } from './types.ts'

/** Ascending, disjoint, and not touching each other; what is empty or wrong way round is left out. */
export function normaliseRanges(ranges: readonly UidRange[]): UidRange[] {
  const sorted = ranges.filter(range => range.from <= range.to).sort((a, b) => a.from - b.from)
  const result: UidRange[] = []
  for (const { from, to } of sorted) {
    const last = result.at(-1)
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to)
    else result.push({ from, to })
  }
  return result
}

/** Of ascending UIDs without duplicates, exactly those. */
export function rangesOf(uids: readonly Uid[]): UidRange[] {
  const result: UidRange[] = []
  for (const uid of uids) {
    const last = result.at(-1)
    if (last && uid === last.to + 1) last.to = uid
    else result.push({ from: uid, to: uid })
  }
  return result
}
