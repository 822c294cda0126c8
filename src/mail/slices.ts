/** Operations on any number of messages: the store does a part of them at a time, so that those of others come between. */
import type { Uid, UidRange } from '../store/types.ts'

/** What of the ranges lies behind a UID. */
export function rangesBehind(ranges: readonly UidRange[], uid: Uid): UidRange[] {
  return ranges.filter(({ to }) => to > uid).map(({ from, to }) => ({ from: Math.max(from, uid + 1), to }))
}

/** The outcomes of one operation after the other, until all of the ranges was looked at. What one rejects with comes when those before are done. */
export async function* inSlices<Outcome extends { upTo: Uid | null }>(
  uids: UidRange[],
  operate: (uids: UidRange[], isFirst: boolean) => Promise<Outcome>,
): AsyncGenerator<Outcome> {
  for (let rest = uids; ; ) {
    const outcome = await operate(rest, rest === uids)
    yield outcome
    if (outcome.upTo === null) return
    rest = rangesBehind(rest, outcome.upTo)
    if (rest.length === 0) return
  }
}
