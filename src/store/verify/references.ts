/** What can be said as one question: rows that should not be. Each question names the key of those it finds. */

import { Fragment, type Statement, sql, type Value } from '../sql.ts'
import type { Check } from './check.ts'

function none(table: string, problem: string, question: Statement): Check {
  return {
    table,
    async *run({ reader }) {
      for (const key of await reader.all<Value[]>(question)) yield { table, key: key.join('/'), problem }
    },
  }
}

/** Where the row of this name belongs to a principal that is missing. */
const nobody = (row: string): Fragment =>
  new Fragment(`WHERE NOT EXISTS (SELECT 1 FROM principal AS p WHERE p.principal_id = ${row}.principal_id)`)

const noAccount = new Fragment('WHERE NOT EXISTS (SELECT 1 FROM account AS a WHERE a.account_id = r.account_id)')

export const references: readonly Check[] = [
  none(
    'account',
    'its domain is missing',
    sql`SELECT a.address FROM account AS a WHERE NOT EXISTS (SELECT 1 FROM domain AS d WHERE d.name = a.domain)`,
  ),
  none(
    'account',
    'it has no INBOX',
    sql`SELECT a.address FROM account AS a
        WHERE NOT EXISTS (SELECT 1 FROM mailbox AS m WHERE m.account_id = a.account_id AND m.name = 'INBOX')`,
  ),
  none(
    'account',
    'nobody signs in to it: its principal is missing, or of another address',
    sql`SELECT a.address FROM account AS a
        WHERE NOT EXISTS (SELECT 1 FROM principal AS p WHERE p.principal_id = a.account_id AND p.address = a.address)`,
  ),
  none(
    'bounce_copy',
    'its account is missing',
    sql`SELECT b.account_id FROM bounce_copy AS b
        WHERE NOT EXISTS (SELECT 1 FROM account AS a WHERE a.account_id = b.account_id)`,
  ),
  none(
    'principal',
    'it owns a mailbox that is missing',
    sql`SELECT p.address FROM principal AS p
        WHERE p.role = 'owner' AND NOT EXISTS (SELECT 1 FROM account AS a WHERE a.account_id = p.principal_id)`,
  ),
  none(
    'principal_domain',
    'its principal or its domain is missing',
    sql`SELECT m.principal_id, m.domain FROM principal_domain AS m
        WHERE NOT EXISTS (SELECT 1 FROM principal AS p WHERE p.principal_id = m.principal_id)
          OR NOT EXISTS (SELECT 1 FROM domain AS d WHERE d.name = m.domain)`,
  ),
  none('web_session', 'its principal is missing', sql`SELECT s.session_id FROM web_session AS s ${nobody('s')}`),
  none('totp', 'its principal is missing', sql`SELECT t.principal_id FROM totp AS t ${nobody('t')}`),
  none('passkey', 'its principal is missing', sql`SELECT k.credential_id FROM passkey AS k ${nobody('k')}`),
  none('recovery_code', 'its principal is missing', sql`SELECT c.principal_id FROM recovery_code AS c ${nobody('c')}`),
  none('sign_in', 'its principal is missing', sql`SELECT i.sign_in_id FROM sign_in AS i ${nobody('i')}`),
  none(
    'app_password',
    'its principal or its account is missing',
    sql`SELECT w.app_password_id FROM app_password AS w ${nobody('w')}
          OR NOT EXISTS (SELECT 1 FROM account AS a WHERE a.account_id = w.account_id)`,
  ),
  none(
    'alias',
    'its domain is missing',
    sql`SELECT a.address FROM alias AS a WHERE NOT EXISTS (SELECT 1 FROM domain AS d WHERE d.name = a.domain)`,
  ),
  none(
    'alias',
    'an account has the same address',
    sql`SELECT a.address FROM alias AS a JOIN account AS b ON b.address = a.address`,
  ),
  none(
    'domain_alias',
    'its domain is missing, or it is a domain itself',
    sql`SELECT a.name FROM domain_alias AS a
        WHERE NOT EXISTS (SELECT 1 FROM domain AS d WHERE d.name = a.domain)
          OR EXISTS (SELECT 1 FROM domain AS d WHERE d.name = a.name)`,
  ),
  none(
    'account',
    'it is of no known kind',
    sql`SELECT a.address FROM account AS a WHERE a.kind NOT IN ('personal', 'shared')`,
  ),
  none('alias', 'it is of no known kind', sql`SELECT a.address FROM alias AS a WHERE a.kind NOT IN ('alias', 'group')`),
  none(
    'shared_member',
    'its mailbox is missing or not shared, or its principal is missing',
    sql`SELECT m.account_id, m.principal_id FROM shared_member AS m
        WHERE NOT EXISTS (SELECT 1 FROM account AS a WHERE a.account_id = m.account_id AND a.kind = 'shared')
          OR NOT EXISTS (SELECT 1 FROM principal AS p WHERE p.principal_id = m.principal_id)`,
  ),
  none('sieve_script', 'its account is missing', sql`SELECT r.account_id FROM sieve_script AS r ${noAccount}`),
  none(
    'script_failure',
    'its account or its domain is missing',
    sql`SELECT f.subject FROM script_failure AS f
        WHERE (f.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM account AS a WHERE a.account_id = f.account_id))
          OR (f.account_id IS NULL AND NOT EXISTS (SELECT 1 FROM common_script AS c WHERE f.subject = 'd:' || c.domain))`,
  ),
  none('rule_memory', 'its account is missing', sql`SELECT r.account_id FROM rule_memory AS r ${noAccount}`),
  none('sending_rules', 'its account is missing', sql`SELECT r.account_id FROM sending_rules AS r ${noAccount}`),
  none('space_news', 'its account is missing', sql`SELECT r.account_id FROM space_news AS r ${noAccount}`),
  none('sending_habit', 'its account is missing', sql`SELECT r.account_id FROM sending_habit AS r ${noAccount}`),
  none('sending_failure', 'its account is missing', sql`SELECT r.account_id FROM sending_failure AS r ${noAccount}`),
  none('sending_hold', 'its account is missing', sql`SELECT r.account_id FROM sending_hold AS r ${noAccount}`),
  none('sending_cleared', 'its account is missing', sql`SELECT r.account_id FROM sending_cleared AS r ${noAccount}`),
  none(
    'pop3_retrieved',
    'its message is missing, or its account has no limit',
    sql`SELECT r.account_id, r.mailbox_id, r.uid FROM pop3_retrieved AS r
        WHERE NOT EXISTS (SELECT 1 FROM message AS m
            WHERE m.account_id = r.account_id AND m.mailbox_id = r.mailbox_id AND m.uid = r.uid)
          OR NOT EXISTS (SELECT 1 FROM account AS a
            WHERE a.account_id = r.account_id AND a.pop3_keep_days IS NOT NULL)`,
  ),
  none(
    'sieve_script',
    'another of the account is active too',
    sql`SELECT s.account_id FROM sieve_script AS s WHERE s.is_active = 1 GROUP BY s.account_id HAVING COUNT(*) > 1`,
  ),
  none(
    'common_script',
    'its domain is missing',
    sql`SELECT c.domain FROM common_script AS c
        WHERE c.domain <> '' AND NOT EXISTS (SELECT 1 FROM domain AS d WHERE d.name = c.domain)`,
  ),
  none(
    'sending_state',
    'its account or its domain is missing',
    sql`SELECT s.subject FROM sending_state AS s
        WHERE (s.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM account AS a WHERE a.account_id = s.account_id))
          OR NOT EXISTS (SELECT 1 FROM domain AS d WHERE d.name = s.domain)`,
  ),
  none(
    'sending_state',
    'it counts other recipients than there are charges',
    sql`SELECT s.subject FROM sending_state AS s
        WHERE s.used <> (SELECT COALESCE(SUM(c.recipients), 0) FROM sending_charge AS c WHERE c.subject = s.subject)
          OR s.strange <> (SELECT COALESCE(SUM(c.strange), 0) FROM sending_charge AS c WHERE c.subject = s.subject)`,
  ),
  none(
    'mailbox',
    'its account is missing',
    sql`SELECT m.account_id, m.mailbox_id FROM mailbox AS m
        WHERE NOT EXISTS (SELECT 1 FROM account AS a WHERE a.account_id = m.account_id)`,
  ),
  none(
    'mailbox_keyword',
    'its mailbox is missing',
    sql`SELECT k.account_id, k.mailbox_id, k.folded FROM mailbox_keyword AS k
        WHERE NOT EXISTS (SELECT 1 FROM mailbox AS m WHERE m.account_id = k.account_id AND m.mailbox_id = k.mailbox_id)`,
  ),
  none(
    'subscription',
    'its account is missing',
    sql`SELECT s.account_id, s.name FROM subscription AS s
        WHERE NOT EXISTS (SELECT 1 FROM account AS a WHERE a.account_id = s.account_id)`,
  ),
  none(
    'expunged',
    'its mailbox is missing',
    sql`SELECT x.account_id, x.mailbox_id, x.from_uid FROM expunged AS x
        WHERE NOT EXISTS (SELECT 1 FROM mailbox AS m WHERE m.account_id = x.account_id AND m.mailbox_id = x.mailbox_id)`,
  ),
  none(
    'thread_reference',
    'its account is missing',
    sql`SELECT t.account_id, t.hash FROM thread_reference AS t
        WHERE NOT EXISTS (SELECT 1 FROM account AS a WHERE a.account_id = t.account_id)`,
  ),
  none(
    'message',
    'it is noted as expunged as well',
    sql`SELECT m.account_id, m.mailbox_id, m.uid FROM expunged AS x
        JOIN message AS m ON m.account_id = x.account_id AND m.mailbox_id = x.mailbox_id
          AND m.uid BETWEEN x.from_uid AND x.to_uid`,
  ),
  none(
    'message',
    'its mailbox is missing',
    sql`SELECT x.account_id, x.mailbox_id, x.uid FROM message AS x
        WHERE NOT EXISTS (SELECT 1 FROM mailbox AS m WHERE m.account_id = x.account_id AND m.mailbox_id = x.mailbox_id)`,
  ),
  none(
    'message',
    'its email is missing, or of another size or thread',
    sql`SELECT m.account_id, m.mailbox_id, m.uid FROM message AS m
        WHERE NOT EXISTS (
          SELECT 1 FROM email AS e
          WHERE e.account_id = m.account_id AND e.email_id = m.email_id AND e.thread_id = m.thread_id
            AND e.size_bytes = m.size_bytes)`,
  ),
  none(
    'email',
    'no message names it',
    sql`SELECT e.email_id FROM email AS e
        WHERE NOT EXISTS (SELECT 1 FROM message AS m WHERE m.account_id = e.account_id AND m.email_id = e.email_id)`,
  ),
  none(
    'blob',
    'nothing names it and the sweep does not know of it',
    sql`SELECT b.seq FROM blob AS b
        WHERE NOT EXISTS (SELECT 1 FROM email AS e WHERE e.blob_seq = b.seq)
          AND NOT EXISTS (SELECT 1 FROM queue_message AS q WHERE q.blob_seq = b.seq)
          AND NOT EXISTS (SELECT 1 FROM blob_released AS r WHERE r.blob_seq = b.seq)`,
  ),
  none(
    'blob_released',
    'its blob is missing',
    sql`SELECT r.blob_seq, r.account_id FROM blob_released AS r
        WHERE NOT EXISTS (SELECT 1 FROM blob AS b WHERE b.seq = r.blob_seq)`,
  ),
  none(
    'text_segment',
    'its account is missing, or another',
    sql`SELECT t.segment FROM text_segment AS t
        WHERE t.segment / 4294967296 <> t.account_id
          OR NOT EXISTS (SELECT 1 FROM account AS a WHERE a.account_id = t.account_id)`,
  ),
  none(
    'text_outdated',
    'its segment is missing',
    sql`SELECT o.segment FROM text_outdated AS o
        WHERE NOT EXISTS (SELECT 1 FROM text_segment AS t WHERE t.segment = o.segment)`,
  ),
  none(
    'queue_recipient',
    'its message is missing',
    sql`SELECT r.recipient_id FROM queue_recipient AS r
        WHERE NOT EXISTS (SELECT 1 FROM queue_message AS q WHERE q.queue_id = r.queue_id)`,
  ),
  none(
    'queue_recipient',
    'its status is unknown',
    sql`SELECT r.recipient_id FROM queue_recipient AS r
        WHERE r.status NOT IN ('queued', 'held', 'delivered', 'failed', 'expired', 'removed')`,
  ),
  none(
    'queue_recipient',
    'it can be leased at another time than its next attempt or the end of its lease',
    sql`SELECT r.recipient_id FROM queue_recipient AS r
        WHERE (r.status = 'queued' OR r.held_for IS NOT NULL) <> (r.available_at IS NOT NULL)
          OR r.available_at <> COALESCE(r.lease_until, r.next_attempt_at)
          OR (r.lease_owner IS NULL) <> (r.lease_until IS NULL)`,
  ),
  none(
    'queue_recipient',
    'it waits for the hold of an account that is missing, or waits and is not held',
    sql`SELECT r.recipient_id FROM queue_recipient AS r
        WHERE r.held_for IS NOT NULL
          AND (r.status <> 'held' OR NOT EXISTS (SELECT 1 FROM account AS a WHERE a.account_id = r.held_for))`,
  ),
  none(
    'trace_segment',
    'it holds traces of another',
    sql`SELECT a.segment FROM trace_segment AS a
        WHERE EXISTS (
          SELECT 1 FROM trace_segment AS b WHERE b.segment > a.segment AND b.first_id <= a.last_id)`,
  ),
  none(
    'trace_key',
    'its segment is missing',
    sql`SELECT DISTINCT k.segment FROM trace_key AS k
        WHERE NOT EXISTS (SELECT 1 FROM trace_segment AS s WHERE s.segment = k.segment)`,
  ),
  none(
    'trace_key',
    'it is of a trace beyond its segment',
    sql`SELECT DISTINCT k.trace_id FROM trace_segment AS s JOIN trace_key AS k ON k.segment = s.segment
        WHERE k.trace_id < s.first_id OR k.trace_id > s.last_id`,
  ),
  none(
    'trace_event',
    'its trace is younger',
    sql`SELECT e.event_id FROM trace_event AS e WHERE e.trace_id >= e.event_id`,
  ),
  none(
    'queue_message',
    'it is noted as settled while recipients wait, or the other way round',
    sql`SELECT q.queue_id FROM queue_message AS q
        WHERE (q.settled_at IS NULL) <> EXISTS (
          SELECT 1 FROM queue_recipient AS r WHERE r.queue_id = q.queue_id AND r.status IN ('queued', 'held'))`,
  ),
]
