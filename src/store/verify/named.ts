/** What has a blob that is damaged: a person is told by its hash of nothing he could look for. */
import { sql } from '../sql.ts'
import type { Reader } from '../transaction.ts'
import type { Damage } from '../types/damage.ts'

/** Of each kind: what was sent to a whole domain is one blob. */
const MOST_NAMED = 20

/** Nothing where that can't be read either. */
export async function namedBy(reader: Reader, blobSeq: number): Promise<Pick<Damage, 'named'>> {
  try {
    // In this order, by the index of emails: left to itself, SQLite may begin with all messages.
    const messages = await reader.all<[string, string, number]>(sql`
      SELECT a.address, b.name, m.uid FROM email AS e CROSS JOIN message AS m CROSS JOIN mailbox AS b CROSS JOIN account AS a
      WHERE e.blob_seq = ${blobSeq} AND m.account_id = e.account_id AND m.email_id = e.email_id
        AND b.account_id = m.account_id AND b.mailbox_id = m.mailbox_id AND a.account_id = m.account_id
      LIMIT ${MOST_NAMED + 1}`)
    const queued = await reader.all<[number]>(sql`
      SELECT queue_id FROM queue_message WHERE blob_seq = ${blobSeq} AND settled_at IS NULL LIMIT ${MOST_NAMED + 1}`)
    return {
      named: {
        messages: messages.slice(0, MOST_NAMED).map(([address, mailbox, uid]) => ({ address, mailbox, uid })),
        queued: queued.slice(0, MOST_NAMED).map(([queueId]) => queueId),
        more: messages.length > MOST_NAMED || queued.length > MOST_NAMED,
      },
    }
  } catch {
    return {}
  }
}
