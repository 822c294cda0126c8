import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Operation } from '../operation.ts'

export const setBounceCopy: Operation<'bounceCopy.set'> = async (tx, { accountId, address, updatedAt }) => {
  if (!(await tx.get(sql`SELECT 1 FROM account WHERE account_id = ${accountId}`)))
    throw new StoreError('not-found', `there is no account ${accountId}`)
  await tx.run(sql`
    INSERT INTO bounce_copy (account_id, address, updated_at) VALUES (${accountId}, ${address}, ${updatedAt})
    ON CONFLICT (account_id) DO UPDATE SET address = excluded.address, updated_at = excluded.updated_at`)
}

export const removeBounceCopy: Operation<'bounceCopy.remove'> = async (tx, { accountId }) => {
  await tx.run(sql`DELETE FROM bounce_copy WHERE account_id = ${accountId}`)
}
