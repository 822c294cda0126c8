/** What operations ask of an account's and a mailbox's row: to find it, to add one, to keep its counters. */
import { type MailboxTuple, mailboxColumns, mailboxRow } from '../rows/directory.ts'
import { sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, MailboxId, MailboxRow, Modseq, SpecialUse, Uid } from '../types.ts'
import { noteSpace } from './rules/space.ts'

export async function requireMailbox(tx: Transaction, accountId: AccountId, mailboxId: MailboxId): Promise<MailboxRow> {
  const found = await tx.get<MailboxTuple>(sql`
    SELECT ${mailboxColumns} FROM mailbox AS m WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId}`)
  if (!found) throw new StoreError('not-found', `account ${accountId} has no mailbox ${mailboxId}`)
  return mailboxRow(found)
}

/** The modseq all changes of this operation bear. The account must exist. */
export async function nextModseq(tx: Transaction, accountId: AccountId): Promise<Modseq> {
  const changed = await tx.get<[Modseq]>(sql`
    UPDATE account SET modseq = modseq + 1 WHERE account_id = ${accountId} RETURNING modseq`)
  if (!changed) throw new StoreError('not-found', `there is no account ${accountId}`)
  return changed[0]
}

export async function currentModseq(tx: Transaction, accountId: AccountId): Promise<Modseq> {
  const account = await tx.get<[Modseq]>(sql`SELECT modseq FROM account WHERE account_id = ${accountId}`)
  if (!account) throw new StoreError('not-found', `there is no account ${accountId}`)
  return account[0]
}

/**
 * Takes room and a modseq in one statement; null where it would go over the quota, and over the margin above it that a
 * notice has. `not-found` where there is no such account.
 */
export async function takeRoom(
  tx: Transaction,
  accountId: AccountId,
  { bytes, messages, emails, margin = 0 }: { bytes: number; messages: number; emails: number; margin?: number },
): Promise<{ modseq: Modseq; firstEmail: number } | null> {
  const taken = await tx.get<[number, number, number, number | null, number]>(sql`
    UPDATE account SET
      used_bytes = used_bytes + ${bytes}, messages = messages + ${messages}, modseq = modseq + 1,
      next_email = next_email + ${emails},
      notice_bytes = CASE WHEN quota_bytes IS NULL OR used_bytes + ${bytes} <= quota_bytes THEN 0
        ELSE notice_bytes + ${bytes} END
    WHERE account_id = ${accountId} AND (quota_bytes IS NULL OR used_bytes + ${bytes} <= quota_bytes
      OR notice_bytes + ${bytes} <= ${margin})
    RETURNING modseq, next_email, used_bytes, quota_bytes, space_told`)
  if (taken) {
    const [modseq, nextEmail, used, quota, told] = taken
    await noteSpace(tx, accountId, { usedBefore: used - bytes, used, quota, told })
    return { modseq, firstEmail: nextEmail - emails }
  }
  await currentModseq(tx, accountId)
  return null
}

/** Room for what comes in the place of what goes; where that is not larger there is room, whatever the quota. */
export async function exchangeRoom(
  tx: Transaction,
  accountId: AccountId,
  more: { bytes: number; messages: number; emails: number },
): Promise<{ modseq: Modseq; firstEmail: number } | null> {
  const { bytes, messages, emails } = more
  if (bytes > 0) return takeRoom(tx, accountId, more)
  const given = await tx.get<[number, number]>(sql`
    UPDATE account SET
      used_bytes = used_bytes + ${bytes}, messages = messages + ${messages}, modseq = modseq + 1,
      next_email = next_email + ${emails}
    WHERE account_id = ${accountId}
    RETURNING modseq, next_email`)
  if (!given) throw new StoreError('not-found', `there is no account ${accountId}`)
  return { modseq: given[0], firstEmail: given[1] - emails }
}

export function overQuota(accountId: AccountId): StoreError {
  return new StoreError('over-quota', `account ${accountId} has no room for that`)
}

/** Messages that came to a mailbox or, with negative numbers, left it. */
export interface MailboxChange {
  messages: number
  unseen: number
  deleted: number
  sizeBytes: number
}

/** Counts them where there is a mailbox of that name. */
export async function countArrival(
  tx: Transaction,
  { accountId, name, modseq }: { accountId: AccountId; name: string; modseq: Modseq },
  { messages, unseen, deleted, sizeBytes }: MailboxChange,
): Promise<{ mailboxId: MailboxId; uidNext: Uid } | null> {
  const counted = await tx.get<[MailboxId, Uid]>(sql`
    UPDATE mailbox SET
      messages = messages + ${messages}, unseen = unseen + ${unseen}, deleted = deleted + ${deleted},
      size_bytes = size_bytes + ${sizeBytes}, uid_next = uid_next + ${messages}, highest_modseq = ${modseq}
    WHERE account_id = ${accountId} AND name = ${name}
    RETURNING mailbox_id, uid_next`)
  return counted ? { mailboxId: counted[0], uidNext: counted[1] } : null
}

/** Resolves with the UID that the next new message takes. `not-found` where there is no such mailbox. */
export async function countChange(
  tx: Transaction,
  { accountId, mailboxId, modseq }: { accountId: AccountId; mailboxId: MailboxId; modseq: Modseq },
  { messages, unseen, deleted, sizeBytes }: MailboxChange,
): Promise<Uid> {
  // New messages alone take UIDs; those of removed ones are never given again.
  const counted = await tx.get<[Uid]>(sql`
    UPDATE mailbox SET
      messages = messages + ${messages}, unseen = unseen + ${unseen}, deleted = deleted + ${deleted},
      size_bytes = size_bytes + ${sizeBytes}, uid_next = uid_next + ${Math.max(messages, 0)}, highest_modseq = ${modseq}
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId}
    RETURNING uid_next`)
  if (!counted) throw new StoreError('not-found', `account ${accountId} has no mailbox ${mailboxId}`)
  return counted[0]
}

export async function insertMailbox(
  tx: Transaction,
  args: { accountId: AccountId; name: string; specialUse: SpecialUse | null; modseq: Modseq; at: number },
): Promise<MailboxId> {
  const { accountId, name, specialUse, modseq } = args
  // Seconds of the clock, or the next number where two mailboxes are made in one second or the clock went back:
  // unique in the account, so a name that comes back never has a UIDVALIDITY it had before (RFC 9051 §2.3.1.1).
  const seconds = Math.floor(args.at / 1000)
  const account = await tx.get<[number, number]>(sql`
    UPDATE account SET
      next_mailbox_id = next_mailbox_id + 1,
      last_uid_validity = CASE WHEN last_uid_validity < ${seconds} THEN ${seconds} ELSE last_uid_validity + 1 END
    WHERE account_id = ${accountId}
    RETURNING next_mailbox_id, last_uid_validity`)
  if (!account) throw new StoreError('not-found', `there is no account ${accountId}`)
  const mailboxId = account[0] - 1
  await tx.run(sql`
    INSERT INTO mailbox (account_id, mailbox_id, name, special_use, uid_validity, uid_next, created_modseq, highest_modseq,
      messages, unseen, deleted, size_bytes, recent_above)
    VALUES (${accountId}, ${mailboxId}, ${name}, ${specialUse}, ${account[1]}, 1, ${modseq}, ${modseq}, 0, 0, 0, 0, 0)`)
  return mailboxId
}
