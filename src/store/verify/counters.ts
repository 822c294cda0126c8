/** Counters, against what they count. */
import { firstEmailId } from '../operations/email-id.ts'
import { sql } from '../sql.ts'
import type { Check } from './check.ts'

/** Pairs that must be equal, and pairs of which the first must not be less than the second. */
function* compare(
  equal: [what: string, noted: number, counted: number][],
  atLeast: [what: string, noted: number, found: number][],
): Generator<string> {
  for (const [what, noted, counted] of equal)
    if (noted !== counted) yield `${what} is ${noted}, but there are ${counted}`
  for (const [what, noted, found] of atLeast) if (noted < found) yield `${what} is ${noted}, but ${found} was found`
}

const domains: Check = {
  table: 'domain',
  async *run({ reader }) {
    const rows = await reader.all<[string, number, number, number, number]>(sql`
      SELECT d.name, d.accounts, COALESCE(a.accounts, 0), d.sold_bytes, COALESCE(a.sold, 0) FROM domain AS d
      LEFT JOIN (
        SELECT domain, COUNT(*) AS accounts, COALESCE(SUM(quota_bytes), 0) AS sold FROM account
        WHERE removed_at IS NULL GROUP BY domain) AS a ON a.domain = d.name`)
    for (const [name, accounts, counted, sold, summed] of rows)
      for (const problem of compare(
        [
          ['accounts', accounts, counted],
          ['sold_bytes', sold, summed],
        ],
        [],
      ))
        yield { table: 'domain', key: name, problem }
  },
}

const accounts: Check = {
  table: 'account',
  async *run({ reader }) {
    const rows = await reader.all<[number, string, ...number[]]>(sql`
      SELECT a.account_id, a.address, a.messages, COALESCE(m.messages, 0), a.used_bytes, COALESCE(m.size_bytes, 0),
        a.modseq, COALESCE(m.modseq, 0), COALESCE(b.modseq, 0), a.next_mailbox_id, COALESCE(b.mailbox_id, 0) + 1,
        a.last_uid_validity, COALESCE(b.uid_validity, 0), a.next_email, COALESCE(e.email_id, 0)
      FROM account AS a
      LEFT JOIN (
        SELECT account_id, COUNT(*) AS messages, SUM(size_bytes) AS size_bytes, MAX(modseq) AS modseq
        FROM message GROUP BY account_id) AS m ON m.account_id = a.account_id
      LEFT JOIN (
        SELECT account_id, MAX(highest_modseq) AS modseq, MAX(mailbox_id) AS mailbox_id, MAX(uid_validity) AS uid_validity
        FROM mailbox GROUP BY account_id) AS b ON b.account_id = a.account_id
      LEFT JOIN (SELECT account_id, MAX(email_id) AS email_id FROM email GROUP BY account_id) AS e
        ON e.account_id = a.account_id`)
    for (const [accountId, address, ...numbers] of rows) {
      const [messages = 0, countedMessages = 0, bytes = 0, countedBytes = 0, modseq = 0, ofMessages = 0] = numbers
      const [ofMailboxes = 0, nextMailbox = 0, afterMailboxes = 0, validity = 0, validities = 0] = numbers.slice(6)
      const [nextEmail = 0, lastEmail = 0] = numbers.slice(11)
      const afterEmails = lastEmail === 0 ? 1 : lastEmail - firstEmailId(accountId) + 1
      for (const problem of compare(
        [
          ['messages', messages, countedMessages],
          ['used_bytes', bytes, countedBytes],
        ],
        [
          ['modseq', modseq, Math.max(ofMessages, ofMailboxes)],
          ['next_mailbox_id', nextMailbox, afterMailboxes],
          ['last_uid_validity', validity, validities],
          ['next_email', nextEmail, afterEmails],
        ],
      ))
        yield { table: 'account', key: address, problem }
    }
  },
}

const mailboxes: Check = {
  table: 'mailbox',
  async *run({ reader }) {
    const rows = await reader.all<[number, number, ...number[]]>(sql`
      SELECT b.account_id, b.mailbox_id, b.messages, COALESCE(m.messages, 0), b.unseen, COALESCE(m.unseen, 0),
        b.deleted, COALESCE(m.deleted, 0), b.size_bytes, COALESCE(m.size_bytes, 0),
        b.uid_next, COALESCE(m.uid, 0) + 1, COALESCE(x.uid, 0) + 1,
        b.highest_modseq, b.created_modseq, COALESCE(m.modseq, 0), COALESCE(x.modseq, 0)
      FROM mailbox AS b
      LEFT JOIN (
        SELECT account_id, mailbox_id, COUNT(*) AS messages, SUM(CASE WHEN flags & 1 = 0 THEN 1 ELSE 0 END) AS unseen,
          SUM(CASE WHEN flags & 8 = 0 THEN 0 ELSE 1 END) AS deleted, SUM(size_bytes) AS size_bytes, MAX(uid) AS uid,
          MAX(modseq) AS modseq
        FROM message GROUP BY account_id, mailbox_id) AS m
        ON m.account_id = b.account_id AND m.mailbox_id = b.mailbox_id
      LEFT JOIN (
        SELECT account_id, mailbox_id, MAX(to_uid) AS uid, MAX(modseq) AS modseq
        FROM expunged GROUP BY account_id, mailbox_id) AS x
        ON x.account_id = b.account_id AND x.mailbox_id = b.mailbox_id`)
    for (const [accountId, mailboxId, ...numbers] of rows) {
      const [messages = 0, countedMessages = 0, unseen = 0, countedUnseen = 0, deleted = 0, countedDeleted = 0] =
        numbers
      const [bytes = 0, countedBytes = 0, uidNext = 0, ...above] = numbers.slice(6)
      const [afterMessages = 0, afterExpunged = 0, highest = 0, ...modseqs] = above
      for (const problem of compare(
        [
          ['messages', messages, countedMessages],
          ['unseen', unseen, countedUnseen],
          ['deleted', deleted, countedDeleted],
          ['size_bytes', bytes, countedBytes],
        ],
        [
          ['uid_next', uidNext, Math.max(afterMessages, afterExpunged)],
          ['highest_modseq', highest, Math.max(...modseqs)],
        ],
      ))
        yield { table: 'mailbox', key: `${accountId}/${mailboxId}`, problem }
    }
  },
}

const ids: Check = {
  table: 'counter',
  async *run({ reader }) {
    for (const [name, value, found] of await reader.all<[string, number, number]>(sql`
      SELECT c.name, c.value, u.used FROM counter AS c
      JOIN (
        SELECT 'account' AS name, MAX(account_id) AS used FROM account
        UNION ALL SELECT 'queue_message', MAX(queue_id) FROM queue_message
        UNION ALL SELECT 'queue_recipient', MAX(recipient_id) FROM queue_recipient) AS u ON u.name = c.name
      WHERE u.used IS NOT NULL`))
      for (const problem of compare([], [['value', value, found]])) yield { table: 'counter', key: name, problem }
  },
}

export const counters: readonly Check[] = [domains, accounts, mailboxes, ids]
