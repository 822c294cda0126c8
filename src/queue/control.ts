/** What an operator does with the queue, by command line or panel. */
import type { Clock } from '../ops/clock.ts'
import type { Store } from '../store/store.ts'
import type { RecipientStatus } from '../store/types.ts'
import { CHANGED_AT_ONCE } from './limits.ts'
import { type Filter, type Listed, type Selection, selected } from './selection.ts'

export type QueueAction = 'retry' | 'hold' | 'unhold' | 'remove'

/** Statuses of those who are not settled. */
export const WAITING: readonly RecipientStatus[] = ['queued', 'held']

export interface QueueControl {
  /** Messages by id above `after`, with a recipient of one of these statuses, or all. */
  list(page: { after: number | null; limit: number; statuses: readonly RecipientStatus[] | null }): Promise<Listed[]>
  show(queueId: number): Promise<Listed | null>
  /** Resolves with the number of recipients it concerned; 0 where there was nothing to change. `remove` sends no bounce. */
  change(action: QueueAction, selection: Selection): Promise<number>
  /** The same for all that the filter names, a page at a time: `next` is what the following one begins behind, null at the end. */
  changeAll(
    action: QueueAction,
    filter: Filter,
    after: number | null,
  ): Promise<{ messages: number; recipients: number; next: number | null }>
}

/** `wake`: the scheduler's, where it runs in this process; another process's sees the change at its next look. */
export function createQueueControl({ store, clock, wake }: { store: Store; clock: Clock; wake(): void }): QueueControl {
  const change = async (action: QueueAction, queueId: number, recipientIds: number[] | null): Promise<number> =>
    (await store.write('queue.control', { queueId, recipientIds, action, at: clock.now() })).recipients
  return {
    list: page => store.read('queue.list', page),
    show: queueId => store.read('queue.show', { queueId }),
    async change(action, { queueId, recipientId }) {
      const recipients = await change(action, queueId, recipientId === null ? null : [recipientId])
      wake()
      return recipients
    },
    async changeAll(action, filter, after) {
      const page = await store.read('queue.list', { after, limit: CHANGED_AT_ONCE, statuses: WAITING })
      // Side by side, so that they are committed together.
      const changed = await Promise.all(
        page.map(entry => {
          const ids = selected(entry, filter, WAITING).map(({ recipientId }) => recipientId)
          return ids.length === 0 ? 0 : change(action, entry.message.queueId, ids)
        }),
      )
      wake()
      const concerned = changed.filter(recipients => recipients > 0)
      return {
        messages: concerned.length,
        recipients: concerned.reduce((sum, recipients) => sum + recipients, 0),
        next: page.length < CHANGED_AT_ONCE ? null : (page.at(-1)?.message.queueId ?? null),
      }
    },
  }
}
