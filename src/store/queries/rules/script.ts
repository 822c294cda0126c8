import { sql } from '../../sql.ts'
import type { ScriptRow } from '../../types/rules.ts'
import type { Query } from '../query.ts'

type Tuple = [string, number, number, number]

const row = ([name, isActive, sizeBytes, updatedAt]: Tuple): ScriptRow => ({
  name,
  isActive: isActive === 1,
  sizeBytes,
  updatedAt,
})

export const listScripts: Query<'script.list'> = async (reader, { accountId }) => {
  const rows = await reader.all<Tuple>(sql`
    SELECT name, is_active, octet_length(source), updated_at FROM sieve_script
    WHERE account_id = ${accountId} ORDER BY name`)
  return rows.map(row)
}

export const getScript: Query<'script.get'> = async (reader, { accountId, name }) => {
  const found = await reader.get<[...Tuple, string]>(sql`
    SELECT name, is_active, octet_length(source), updated_at, source FROM sieve_script
    WHERE account_id = ${accountId} AND name = ${name}`)
  if (!found) return null
  const [, , , , source] = found
  const [scriptName, isActive, sizeBytes, updatedAt] = found
  return { ...row([scriptName, isActive, sizeBytes, updatedAt]), source }
}

export const scriptSources: Query<'script.sources'> = async (reader, { accountId }) => {
  const rows = await reader.all<[string, string, number]>(sql`
    SELECT name, source, is_active FROM sieve_script WHERE account_id = ${accountId} ORDER BY name`)
  return rows.map(([name, source, isActive]) => ({ name, source, isActive: isActive === 1 }))
}

export const getCommonScript: Query<'commonScript.get'> = async (reader, { domain }) => {
  const found = await reader.get<[string, number, number, number]>(sql`
    SELECT source, is_active, revision, updated_at FROM common_script WHERE domain = ${domain}`)
  if (!found) return null
  const [source, isActive, revision, updatedAt] = found
  return { source, isActive: isActive === 1, revision, updatedAt }
}

export const listCommonScripts: Query<'commonScript.list'> = async reader => {
  const rows = await reader.all<[string, number, number, number, number]>(sql`
    SELECT domain, octet_length(source), is_active, revision, updated_at FROM common_script
    ORDER BY domain`)
  return rows.map(([domain, sizeBytes, isActive, revision, updatedAt]) => ({
    domain,
    sizeBytes,
    isActive: isActive === 1,
    revision,
    updatedAt,
  }))
}
