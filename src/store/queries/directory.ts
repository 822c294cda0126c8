/** Domains, accounts, aliases, settings. */
import {
  type AccountTuple,
  type AliasTuple,
  accountColumns,
  accountRow,
  aliasColumns,
  aliasRow,
  type DomainTuple,
  domainColumns,
  domainRow,
} from '../rows/directory.ts'
import { sql } from '../sql.ts'
import type { Query } from './query.ts'

export const listDomains: Query<'domain.list'> = async reader =>
  (await reader.all<DomainTuple>(sql`SELECT ${domainColumns} FROM domain ORDER BY name`)).map(domainRow)

export const listAccounts: Query<'account.list'> = async (reader, { domain, after, limit }) => {
  const rows =
    domain === null
      ? await reader.all<AccountTuple>(sql`
          SELECT ${accountColumns} FROM account WHERE address > ${after ?? ''} ORDER BY address LIMIT ${limit}`)
      : await reader.all<AccountTuple>(sql`
          SELECT ${accountColumns} FROM account WHERE domain = ${domain} AND address > ${after ?? ''}
          ORDER BY address LIMIT ${limit}`)
  return rows.map(accountRow)
}

export const accountByAddress: Query<'account.byAddress'> = async (reader, { address }) => {
  const row = await reader.get<AccountTuple>(sql`SELECT ${accountColumns} FROM account WHERE address = ${address}`)
  return row ? accountRow(row) : null
}

export const accountById: Query<'account.byId'> = async (reader, { accountId }) => {
  const row = await reader.get<AccountTuple>(sql`SELECT ${accountColumns} FROM account WHERE account_id = ${accountId}`)
  return row ? accountRow(row) : null
}

export const listAliases: Query<'alias.list'> = async (reader, { domain, after, limit }) => {
  const rows =
    domain === null
      ? await reader.all<AliasTuple>(sql`
          SELECT ${aliasColumns} FROM alias WHERE address > ${after ?? ''} ORDER BY address LIMIT ${limit}`)
      : await reader.all<AliasTuple>(sql`
          SELECT ${aliasColumns} FROM alias WHERE domain = ${domain} AND address > ${after ?? ''}
          ORDER BY address LIMIT ${limit}`)
  return rows.map(aliasRow)
}

export const lookUpAddress: Query<'address.lookup'> = async (reader, { address, domain }) => {
  const found = await reader.get<DomainTuple>(sql`SELECT ${domainColumns} FROM domain WHERE name = ${domain}`)
  if (!found) return { domain: null, account: null, aliasTargets: null }
  const account = await accountByAddress(reader, { address })
  const alias = account
    ? undefined
    : await reader.get<AliasTuple>(sql`SELECT ${aliasColumns} FROM alias WHERE address = ${address}`)
  return { domain: domainRow(found), account, aliasTargets: alias ? aliasRow(alias).targets : null }
}

export const getSetting: Query<'setting.get'> = async (reader, { name }) => {
  const row = await reader.get<[string]>(sql`SELECT value FROM setting WHERE name = ${name}`)
  return row?.[0] ?? null
}

export const listSettings: Query<'setting.list'> = async (reader, { prefix }) => {
  const rows = await reader.all<[string, string]>(sql`
    SELECT name, value FROM setting WHERE name >= ${prefix} AND name < ${`${prefix}\u007f`} ORDER BY name`)
  return rows.map(([name, value]) => ({ name, value }))
}
