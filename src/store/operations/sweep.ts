import type { Encoding } from '../blobs/encoding.ts'
import { list, sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId } from '../types.ts'
import { keepFreeRows, stayReleased } from '../words.ts'
import type { Operation } from './operation.ts'
import { tidyPacks } from './packs.ts'
import { foldTombstones } from './tombstone.ts'

/** Messages of the accounts that one sweep looks at, more or less: some tens of milliseconds. */
const messagesAtOnce = 20_000
const accountsAtOnce = 100
/** As the account that was swept last: all were, in this round. */
const roundOver = -1
/** Message-ids that one sweep forgets: each is a statement by itself, some tens of microseconds. */
const referencesAtOnce = 5000
/** Of what was expunged that one sweep folds: each is a statement or two by itself. */
const rangesAtOnce = 5000

/** Settled queue messages first, since they let go of blobs; then the blobs let go of, where nothing else names them. */
export const sweep: Operation<'store.sweep'> = async (tx, { before, limit, goesOn = false }) => {
  const settled = (
    await tx.all<[number]>(sql`
      SELECT queue_id FROM queue_message WHERE settled_at IS NOT NULL AND settled_at < ${before}
      ORDER BY settled_at LIMIT ${limit}`)
  ).map(([queueId]) => queueId)
  if (settled.length > 0) {
    await tx.run(sql`
      INSERT INTO blob_released (blob_seq, account_id)
      SELECT DISTINCT blob_seq, 0 FROM queue_message WHERE queue_id IN ${list(settled)}
      ${stayReleased}`)
    await tx.run(sql`DELETE FROM queue_recipient WHERE queue_id IN ${list(settled)}`)
    await tx.run(sql`DELETE FROM queue_message WHERE queue_id IN ${list(settled)}`)
  }
  const released = (
    await tx.all<[number]>(sql`SELECT DISTINCT blob_seq FROM blob_released ORDER BY blob_seq LIMIT ${limit}`)
  ).map(([seq]) => seq)
  // What is being taken again at this moment is left for the next sweep. What is kept here can't be taken until it is over;
  // its notes go first, so that a name that is lost from then on leaves another.
  const free = (
    await tx.all<[number]>(sql`SELECT seq FROM blob WHERE seq IN ${list(released)} ORDER BY seq ${keepFreeRows}`)
  ).map(([seq]) => seq)
  await tx.run(sql`DELETE FROM blob_released WHERE blob_seq IN ${list(free)}`)
  const removed = await tx.all<[Uint8Array, Encoding, string | null, number, number | null]>(sql`
    DELETE FROM blob
    WHERE seq IN ${list(free)}
      AND NOT EXISTS (SELECT 1 FROM email AS e WHERE e.blob_seq = blob.seq)
      AND NOT EXISTS (SELECT 1 FROM queue_message AS q WHERE q.blob_seq = blob.seq)
    RETURNING hash, encoding, object, CASE WHEN data IS NULL AND pack IS NULL THEN 1 ELSE 0 END, pack`)
  // Whoever let go of one since its notes went left another, for which there is nothing to be done any more.
  const there = new Set(
    (await tx.all<[number]>(sql`SELECT seq FROM blob WHERE seq IN ${list(released)}`)).map(([seq]) => seq),
  )
  const gone = released.filter(seq => !there.has(seq))
  await tx.run(sql`DELETE FROM blob_released WHERE blob_seq IN ${list(gone)}`)
  for (const pack of new Set(removed.map(tuple => tuple[4]))) if (pack !== null) tx.packs?.touch(pack)
  const moreAccounts = await tidyAccounts(tx, goesOn)
  const packs = await tidyPacks(tx, goesOn)
  const names = removed.map(([bytes, encoding, object, isLarge]) => {
    const hash = Buffer.from(bytes).toString('hex')
    return { hash, encoding, object, isLarge: isLarge === 1 }
  })
  return {
    removedBlobs: names.map(({ hash }) => hash),
    removedLarge: names
      .filter(({ isLarge }) => isLarge)
      .map(({ hash, encoding, object }) => ({ hash, encoding, object })),
    failures: packs.failures,
    more:
      packs.more ||
      moreAccounts ||
      settled.length === limit ||
      (released.length === limit && free.length + gone.length > 0),
  }
}

/**
 * Forgets the message-ids of threads that have no message any more, and folds tombstones, in a few accounts at a time, one
 * after the other; true until all have had their turn.
 */
async function tidyAccounts(tx: Transaction, goesOn: boolean): Promise<boolean> {
  const swept = await tx.get<[AccountId]>(sql`SELECT value FROM counter WHERE name = 'swept_account'`)
  const after = swept?.[0] ?? roundOver
  if (goesOn && after === roundOver) return false
  const accounts = await tx.all<[AccountId, number]>(sql`
    SELECT account_id, messages FROM account WHERE account_id > ${after}
    ORDER BY account_id LIMIT ${accountsAtOnce}`)
  let messages = 0
  let room = referencesAtOnce
  let ranges = rangesAtOnce
  let last = after
  for (const [accountId, ofAccount] of accounts) {
    messages += ofAccount
    if (last > after && messages > messagesAtOnce) break
    // Each when its turn comes: mail to those behind it doesn't wait. One that something else is at has its turn again.
    const free = await tx.get<[number]>(sql`
      SELECT messages FROM account WHERE account_id = ${accountId} ${keepFreeRows}`)
    if (free) {
      room -= await forgetThreads(tx, accountId, room, free[0] === 0)
      ranges -= await foldTombstones(tx, accountId, ranges)
    }
    // What may be left of it comes next.
    if (room === 0 || ranges <= 0) {
      last = accountId - 1
      break
    }
    last = accountId
  }
  const isOver = accounts.length < accountsAtOnce && last === (accounts.at(-1)?.[0] ?? after)
  await tx.run(sql`UPDATE counter SET value = ${isOver ? roundOver : last} WHERE name = 'swept_account'`)
  return !isOver
}

/**
 * The number of those forgotten. References and messages are sorted together by their threads: joined, they would be compared
 * each with each wherever the engine expects few of them, and of an archive that came since it counted last it does. An
 * archive that is gone needs no such look, which would be one at all of it for each piece.
 */
async function forgetThreads(
  tx: Transaction,
  accountId: AccountId,
  limit: number,
  hasNoMessages: boolean,
): Promise<number> {
  const unnamed = await tx.all<[number]>(
    hasNoMessages
      ? sql`SELECT hash FROM thread_reference WHERE account_id = ${accountId} LIMIT ${limit}`
      : sql`
        SELECT hash FROM (
          SELECT hash, MAX(is_message) OVER (PARTITION BY thread_id) AS is_named FROM (
            SELECT hash, thread_id, 0 AS is_message FROM thread_reference WHERE account_id = ${accountId}
            UNION ALL
            SELECT NULL, thread_id, 1 FROM message WHERE account_id = ${accountId}) AS one) AS judged
        WHERE is_named = 0 LIMIT ${limit}`,
  )
  for (const [hash] of unnamed)
    tx.send(sql`DELETE FROM thread_reference WHERE account_id = ${accountId} AND hash = ${hash}`)
  return unnamed.length
}
