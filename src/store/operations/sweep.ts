import { list, sql } from '../sql.ts'
import type { Operation } from './operation.ts'

/** Settled queue messages first, since they let go of blobs; then the blobs let go of, where nothing else names them. */
export const sweep: Operation<'store.sweep'> = async (tx, { before, limit }) => {
  const settled = (
    await tx.all<[number]>(sql`
      SELECT queue_id FROM queue_message WHERE settled_at IS NOT NULL AND settled_at < ${before}
      ORDER BY settled_at LIMIT ${limit}`)
  ).map(([queueId]) => queueId)
  if (settled.length > 0) {
    await tx.run(sql`
      INSERT INTO blob_released (blob_seq, account_id)
      SELECT DISTINCT blob_seq, 0 FROM queue_message WHERE queue_id IN ${list(settled)}
      ON CONFLICT (blob_seq, account_id) DO NOTHING`)
    await tx.run(sql`DELETE FROM queue_recipient WHERE queue_id IN ${list(settled)}`)
    await tx.run(sql`DELETE FROM queue_message WHERE queue_id IN ${list(settled)}`)
  }
  const released = (
    await tx.all<[number]>(sql`SELECT DISTINCT blob_seq FROM blob_released ORDER BY blob_seq LIMIT ${limit}`)
  ).map(([seq]) => seq)
  const removed = await tx.all<[Uint8Array]>(sql`
    DELETE FROM blob
    WHERE seq IN ${list(released)}
      AND NOT EXISTS (SELECT 1 FROM email AS e WHERE e.blob_seq = blob.seq)
      AND NOT EXISTS (SELECT 1 FROM queue_message AS q WHERE q.blob_seq = blob.seq)
    RETURNING hash`)
  await tx.run(sql`DELETE FROM blob_released WHERE blob_seq IN ${list(released)}`)
  return {
    removedBlobs: removed.map(([hash]) => Buffer.from(hash).toString('hex')),
    more: settled.length === limit || released.length === limit,
  }
}
