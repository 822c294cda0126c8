import { sql } from '../../sql.ts'
import type { Query } from '../query.ts'

export const getSendingRules: Query<'sendingRules.get'> = async (reader, { accountId }) => {
  const row = await reader.get<[string, string, number, number]>(sql`
    SELECT copies_cc, copies_bcc, files_sent_copy, updated_at FROM sending_rules WHERE account_id = ${accountId}`)
  if (!row) return null
  const [copiesCc, copiesBcc, filesSentCopy, updatedAt] = row
  return {
    accountId,
    copiesCc: JSON.parse(copiesCc),
    copiesBcc: JSON.parse(copiesBcc),
    filesSentCopy: filesSentCopy === 1,
    updatedAt,
  }
}
