/** What staff do with a message that waits: try it now, hold it, release it, drop it, read its source. All of it is audited. */
import { AccountError } from '../../accounts/account-error.ts'
import { type Actor, audited, isStaff } from '../../accounts/actor.ts'
import type { Clock } from '../../ops/clock.ts'
import { type AnyOperation, type Store, writeAll } from '../../store/store.ts'
import type { TraceRow } from '../../store/types/trace.ts'
import type { QueueRecipientRow } from '../../store/types.ts'
import { notFound, type QueuedRecipient, type Traces } from './traces.ts'

export type QueueAction = 'retry' | 'hold' | 'release' | 'drop'

const operations = { retry: 'retry', hold: 'hold', release: 'unhold', drop: 'remove' } as const

/** What can be done with a recipient, by its status in the queue. */
const possible: Record<QueueAction, QueueRecipientRow['status'][]> = {
  retry: ['queued', 'held'],
  hold: ['queued'],
  release: ['held'],
  drop: ['queued', 'held'],
}

export interface QueueDeskParts {
  store: Store
  traces: Traces
  /** The scheduler's, where one runs. */
  wakeQueue: () => void
  clock: Clock
}

export class QueueDesk {
  readonly #parts: QueueDeskParts

  constructor(parts: QueueDeskParts) {
    this.#parts = parts
  }

  /** Of one recipient of the queue, or all. Throws `trace-not-found`, and `trace-not-queued` where there is nothing to do. */
  async act(
    actor: Actor,
    traceId: number,
    { action, recipientId }: { action: QueueAction; recipientId: number | null },
  ): Promise<{ recipients: number }> {
    const { store, wakeQueue, clock } = this.#parts
    const { row, queued } = await this.#queued(actor, traceId)
    const concerned = queued.filter(
      each => (recipientId === null || each.recipientId === recipientId) && possible[action].includes(each.status),
    )
    if (concerned.length === 0) throw notQueued()
    const at = clock.now()
    const changes = [...Map.groupBy(concerned, ({ queueId }) => queueId)].map(
      ([queueId, recipients]): AnyOperation => ({
        operation: 'queue.control',
        args: {
          queueId,
          recipientIds: recipients.map(({ recipientId: own }) => own),
          action: operations[action],
          at,
        },
      }),
    )
    const after = { recipients: concerned.slice(0, NAMED_RECIPIENTS).map(({ address }) => address) }
    await writeAll(store, [
      ...changes,
      audited(actor, at, { action: `queue.${action}`, target: row.id || String(traceId), domain: null, after }),
    ])
    wakeQueue()
    return { recipients: concerned.length }
  }

  /** The message as it is sent, as long as somebody waits for it. Throws `trace-not-found`, `trace-not-queued`. */
  async source(actor: Actor, traceId: number): Promise<{ id: string; bytes: Uint8Array }> {
    const { store, clock } = this.#parts
    const { row, queued } = await this.#queued(actor, traceId)
    const waiting = queued.find(({ status }) => status === 'queued' || status === 'held')
    const entry = waiting && (await store.read('queue.show', { queueId: waiting.queueId }))
    if (!entry) throw notQueued()
    const target = row.id || String(traceId)
    // Whoever reads others' mail is on record before he does.
    await store.write('several', {
      operations: [audited(actor, clock.now(), { action: 'queue.source', target, domain: null })],
    })
    return { id: target, bytes: await store.blobs.read(entry.message.blobHash) }
  }

  async #queued(actor: Actor, traceId: number): Promise<{ row: TraceRow; queued: QueuedRecipient[] }> {
    if (!isStaff(actor)) throw notFound()
    const { traces } = this.#parts
    const row = await traces.find(actor, 'managed', traceId)
    return { row, queued: await traces.queued(row) }
  }
}

/** As many as an entry of the audit log names. */
const NAMED_RECIPIENTS = 20

function notQueued(): AccountError {
  return new AccountError('trace-not-queued', 'Nothing of the message waits in the queue for that')
}
