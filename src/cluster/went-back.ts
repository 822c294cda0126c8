/**
 * The database lacks what a node has committed: a standby took over that was behind. Of what nodes remember, and mail programs know,
 * some is no more then, and what comes is given the same numbers. Who finds it tells the others, which may have only read what is gone.
 */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../ops/clock.ts'
import { inTime } from '../ops/in-time.ts'
import type { Store } from '../store/store.ts'
import { WENT_BACK_TOLD_MS } from './limits.ts'

export const wentBackTopic = 'went-back'

export const wentBackProblem =
  'the database lacks what it had acknowledged, as where a standby took over that was behind: stop all nodes, run facteur store restored on one of them, and start them again'

/** Never rejects: whoever is not told may find it itself. */
export async function tellWentBack(store: Pick<Store, 'write'>, nodeId: string, clock: Clock): Promise<void> {
  const stamp = `${randomBytes(8).toString('hex')} ${nodeId}`
  const told = store.write('notice.put', { topics: [wentBackTopic], stamp, at: clock.now() })
  await inTime(
    WENT_BACK_TOLD_MS,
    told.catch(() => {}),
    () => {},
  )
}
