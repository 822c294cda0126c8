import { sql } from '../../sql.ts'
import type { Transaction } from '../../transaction.ts'

/** Of an account or a domain that goes. */
export async function forgetSending(tx: Transaction, key: string): Promise<void> {
  await tx.run(sql`DELETE FROM sending_charge WHERE subject = ${key}`)
  await tx.run(sql`DELETE FROM sending_state WHERE subject = ${key}`)
  await tx.run(sql`DELETE FROM sending_news WHERE subject = ${key}`)
}
