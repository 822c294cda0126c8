/**
 * What may not go out now: mail of an account whose sending looked unusual waits for the staff (see `sending.hold`). It is
 * asked when a batch's turn comes, since what was leased a moment ago may be the rest of what a thief sends.
 */
import type { Clock } from '../ops/clock.ts'
import type { Store } from '../store/store.ts'
import type { LeasedRecipient } from '../store/types.ts'
import type { Batch, RecipientOutcome } from './delivery.ts'

/** Nobody decided on it in time: it is leased to be given up. */
export const HELD_TOO_LONG = '554 5.7.0 Held for review because of unusual sending, and not released in time'

export interface Sorted {
  /** null: nothing of the batch goes out. */
  goes: Batch | null
  givenUp: RecipientOutcome[]
}

/** Those that are held back are back in the queue once it resolves. */
export async function sortHeld(
  { store, clock }: { store: Pick<Store, 'read' | 'write'>; clock: Clock },
  batch: Batch,
): Promise<Sorted> {
  const { accountId } = batch.message
  if (accountId === null) return { goes: batch, givenUp: [] }
  const at = clock.now()
  const isOverdue = ({ heldFor }: LeasedRecipient): boolean => heldFor !== null
  const givenUp = batch.recipients.filter(isOverdue).map(recipient => givenUpNow(recipient, at))
  let due = batch.recipients.filter(recipient => !isOverdue(recipient))
  // What staff let go of goes, whatever the account sends since.
  const untouched = due.filter(({ releasedAt }) => releasedAt === null)
  if (untouched.length > 0 && (await store.read('sending.isHeld', { accountId }))) {
    const recipientIds = untouched.map(({ recipientId }) => recipientId)
    await store.write('queue.holdBack', { recipientIds, accountId, at })
    due = due.filter(({ releasedAt }) => releasedAt !== null)
  }
  return { goes: due.length > 0 ? { ...batch, recipients: due } : null, givenUp }
}

function givenUpNow(recipient: LeasedRecipient, at: number): RecipientOutcome {
  return {
    recipient,
    kind: 'held-too-long',
    result: { at, status: '5.7.0', text: HELD_TOO_LONG, remoteHost: null, remoteAddress: null },
    notifyPassedOn: false,
    tls: null,
    settled: false,
  }
}
