/** Scripts that stopped at an error: the last one of each, until the script is changed. */
import { subjectKey } from '../../rows/sending.ts'
import { sql } from '../../sql.ts'
import type { Transaction } from '../../transaction.ts'
import type { ScriptSubject } from '../../types/rules.ts'
import type { Operation } from '../operation.ts'

export const failedScript: Operation<'script.failed'> = async (tx, { subject, revision, failure, quietMs }) => {
  const key = subjectKey(subject)
  const accountId = subject.kind === 'mailbox' ? subject.accountId : null
  const { at, messages, ...facts } = failure
  const unchanged =
    subject.kind === 'mailbox'
      ? sql`SELECT 1 FROM account WHERE account_id = ${accountId} AND rules_revision = ${revision}`
      : sql`SELECT 1 FROM common_script WHERE domain = ${subject.domain} AND revision = ${revision}`
  if (!(await tx.get(unchanged))) return
  await tx.run(sql`
    INSERT INTO script_failure (subject, account_id, at, messages, facts, is_news, told_at)
    VALUES (${key}, ${accountId}, ${at}, ${messages}, ${JSON.stringify(facts)}, 1, ${null})
    ON CONFLICT (subject) DO UPDATE SET at = excluded.at, messages = script_failure.messages + excluded.messages,
      facts = excluded.facts,
      is_news = CASE
        WHEN script_failure.told_at IS NULL OR script_failure.told_at <= ${at - quietMs} THEN 1
        ELSE script_failure.is_news END`)
}

export const toldFailure: Operation<'script.failureTold'> = async (tx, { subject, at }) => {
  await tx.run(sql`
    UPDATE script_failure SET is_news = 0, told_at = ${at} WHERE subject = ${subjectKey(subject)}`)
}

/** It is another script now, or gone. */
export async function forgetFailure(tx: Transaction, subject: ScriptSubject): Promise<void> {
  await tx.run(sql`DELETE FROM script_failure WHERE subject = ${subjectKey(subject)}`)
}
