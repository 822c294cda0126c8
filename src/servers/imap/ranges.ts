/** UID ranges as the store takes them. */
import type { UidRange } from '../../store/types.ts'

export const ALL_UIDS: UidRange = { from: 1, to: 0xffffffff }

/** What two lists of ranges have in common; both ascend without overlap. */
export function intersectUidRanges(a: readonly UidRange[], b: readonly UidRange[]): UidRange[] {
  const common: UidRange[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const from = Math.max(a[i]!.from, b[j]!.from)
    const to = Math.min(a[i]!.to, b[j]!.to)
    if (from <= to) common.push({ from, to })
    if (a[i]!.to < b[j]!.to) i++
    else j++
  }
  return common
}
