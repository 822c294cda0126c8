import { sql } from '../../sql.ts'
import type { Query } from '../query.ts'

export const getBounceCopy: Query<'bounceCopy.get'> = async (reader, { accountId }) => {
  const row = await reader.get<[string, number]>(sql`
    SELECT address, updated_at FROM bounce_copy WHERE account_id = ${accountId}`)
  return row ? { accountId, address: row[0], updatedAt: row[1] } : null
}
