/** What an operator does with the queue, by command line or panel. */
import type { Clock } from '../ops/clock.ts'
import type { Queries, Store } from '../store/store.ts'
import type { RecipientStatus } from '../store/types.ts'

export type QueueEntry = NonNullable<Queries['queue.show']['result']>

/** One recipient of a message, or all of them. */
export interface Selection {
  queueId: number
  recipientId: number | null
}

export interface QueueControl {
  /** Messages by id above `after`, with a recipient of that status, or all. */
  list(page: { after: number | null; limit: number; status: RecipientStatus | null }): Promise<QueueEntry[]>
  show(queueId: number): Promise<QueueEntry | null>
  /** Each resolves with the number of recipients it concerned; 0 where there was nothing to change. */
  retry(selection: Selection): Promise<number>
  hold(selection: Selection): Promise<number>
  unhold(selection: Selection): Promise<number>
  /** Without a bounce. */
  remove(selection: Selection): Promise<number>
}

/** `wake`: the scheduler's, where it runs in this process; another process's sees the change at its next look. */
export function createQueueControl({ store, clock, wake }: { store: Store; clock: Clock; wake(): void }): QueueControl {
  const control = async (action: 'retry' | 'hold' | 'unhold' | 'remove', selection: Selection): Promise<number> => {
    const { recipients } = await store.write('queue.control', { ...selection, action, at: clock.now() })
    wake()
    return recipients
  }
  return {
    list: page => store.read('queue.list', page),
    show: queueId => store.read('queue.show', { queueId }),
    retry: selection => control('retry', selection),
    hold: selection => control('hold', selection),
    unhold: selection => control('unhold', selection),
    remove: selection => control('remove', selection),
  }
}
