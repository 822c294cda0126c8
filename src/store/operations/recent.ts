import { sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { Uid } from '../types.ts'
import type { Operation } from './operation.ts'

export const takeRecent: Operation<'mailbox.takeRecent'> = async (tx, { accountId, mailboxId, upTo }) => {
  const mailbox = await tx.get<[Uid | null]>(sql`
    SELECT recent_above FROM mailbox WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId}`)
  if (!mailbox) throw new StoreError('not-found', `account ${accountId} has no mailbox ${mailboxId}`)
  const [above] = mailbox
  if (above !== null && above >= upTo) return { above: upTo }
  await tx.run(sql`
    UPDATE mailbox SET recent_above = ${upTo}
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND (recent_above IS NULL OR recent_above < ${upTo})`)
  // What lay in a mailbox before there was the mark was told of long ago.
  return { above: above ?? upTo }
}
