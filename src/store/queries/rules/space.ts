import { sql } from '../../sql.ts'
import type { SpaceMark } from '../../types/space.ts'
import type { Query } from '../query.ts'

export const getSpaceNews: Query<'space.news'> = async (reader, { after, limit }) => {
  const rows = await reader.all<[number, string, string, SpaceMark, number, number, number]>(sql`
    SELECT n.account_id, a.address, a.domain, n.percent, n.used_bytes, n.quota_bytes, n.managers_told FROM space_news AS n
    JOIN account AS a ON a.account_id = n.account_id WHERE a.removed_at IS NULL AND n.account_id > ${after}
    ORDER BY n.account_id LIMIT ${limit}`)
  return rows.map(([accountId, address, domain, percent, usedBytes, quotaBytes, managersTold]) => ({
    accountId,
    address,
    domain,
    percent,
    usedBytes,
    quotaBytes,
    managersTold: managersTold === 1,
  }))
}
