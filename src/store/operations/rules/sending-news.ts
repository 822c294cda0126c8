import { sql } from '../../sql.ts'
import type { Transaction } from '../../transaction.ts'
import type { SendingNews } from '../../types/sending.ts'

/** One that was not told yet gives way to a later one. */
export async function addNews<K extends SendingNews['kind']>(
  tx: Transaction,
  key: string,
  kind: K,
  facts: Extract<SendingNews, { kind: K }>['facts'],
  at: number,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO sending_news (subject, kind, at, facts) VALUES (${key}, ${kind}, ${at}, ${JSON.stringify(facts)})
    ON CONFLICT (subject, kind) DO UPDATE SET at = excluded.at, facts = excluded.facts`)
}
