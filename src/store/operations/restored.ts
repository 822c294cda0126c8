import { sql } from '../sql.ts'
import type { Operation } from './operation.ts'

/**
 * How far numbers that follow the clock may have run ahead of it: so many more mailboxes than seconds have been made in an
 * account. A day of them is far more than the folders of any import.
 */
const aheadSeconds = 24 * 60 * 60
/** Far more messages, and mailboxes, than an account gets between two backups. */
const lostIds = 2 ** 20
/** The same of accounts and of who signs in: there may be two million (`maxAccountId`). */
const lostAccounts = 1000

/**
 * What was given between the backup and its restoration is not known any more: UIDVALIDITY goes above the clock, so that no
 * pair with a UID comes twice (RFC 9051 §2.3.1.1), and with it all that clients know of MODSEQs ends (RFC 7162 §3.1.2).
 * EMAILID and MAILBOXID, which outlive it (RFC 8474 §4), leave out a range.
 */
export const restored: Operation<'store.restored'> = async (tx, { at }) => {
  const floor = Math.floor(at / 1000) + aheadSeconds
  await tx.run(sql`
    UPDATE account SET
      next_email = next_email + ${lostIds}, next_mailbox_id = next_mailbox_id + ${lostIds},
      last_uid_validity = CASE WHEN last_uid_validity < ${floor} THEN ${floor} ELSE last_uid_validity END
        + next_mailbox_id + ${lostIds}`)
  // Ids of mailboxes are below the next one: each has its own number, all above those of before.
  await tx.run(sql`
    UPDATE mailbox SET uid_validity = mailbox_id + (
      SELECT a.last_uid_validity - a.next_mailbox_id FROM account AS a WHERE a.account_id = mailbox.account_id)`)
  // Addresses that were lost with the backup may come back, as other accounts.
  await tx.nextIds('account', lostAccounts)
  await tx.run(sql`UPDATE counter SET value = ${floor} WHERE name = 'uid_validity' AND value < ${floor}`)
  const [mailboxes = 0] = (await tx.get<[number]>(sql`SELECT COUNT(*) FROM mailbox`)) ?? []
  return { mailboxes }
}
