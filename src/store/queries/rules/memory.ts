import { sql } from '../../sql.ts'
import type { Query } from '../query.ts'

export const hasRuleMemory: Query<'ruleMemory.has'> = async (reader, { accountId, kind, hash, at }) =>
  (await reader.get(sql`
    SELECT 1 FROM rule_memory WHERE account_id = ${accountId} AND kind = ${kind} AND hash = ${hash} AND until > ${at}`)) !==
  undefined

export const countRuleMemory: Query<'ruleMemory.count'> = async (reader, { accountId, kind, at, limit }) => {
  const counted = await reader.get<[number]>(sql`
    SELECT COUNT(*) FROM (
      SELECT 1 FROM rule_memory WHERE account_id = ${accountId} AND kind = ${kind} AND until > ${at} LIMIT ${limit}) AS r`)
  return counted?.[0] ?? 0
}
