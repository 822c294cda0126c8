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
import type { Reader } from '../transaction.ts'
import type { DomainRow } from '../types.ts'
import type { Query } from './query.ts'

export const listDomains: Query<'domain.list'> = async reader =>
  (await reader.all<DomainTuple>(sql`SELECT ${domainColumns} FROM domain ORDER BY name`)).map(domainRow)

export const listAccounts: Query<'account.list'> = async (reader, { domain, after, limit }) => {
  const rows =
    domain === null
      ? await reader.all<AccountTuple>(sql`
          SELECT ${accountColumns} FROM account AS a WHERE a.address > ${after ?? ''} AND a.removed_at IS NULL
          ORDER BY a.address LIMIT ${limit}`)
      : await reader.all<AccountTuple>(sql`
          SELECT ${accountColumns} FROM account AS a
          WHERE a.domain = ${domain} AND a.address > ${after ?? ''} AND a.removed_at IS NULL
          ORDER BY a.address LIMIT ${limit}`)
  return rows.map(accountRow)
}

export const accountByAddress: Query<'account.byAddress'> = async (reader, { address }) => {
  const row = await reader.get<AccountTuple>(sql`
    SELECT ${accountColumns} FROM account AS a WHERE a.address = ${address} AND a.removed_at IS NULL`)
  return row ? accountRow(row) : null
}

export const accountById: Query<'account.byId'> = async (reader, { accountId }) => {
  const row = await reader.get<AccountTuple>(sql`
    SELECT ${accountColumns} FROM account AS a WHERE a.account_id = ${accountId} AND a.removed_at IS NULL`)
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

/** Two reads by key for a mailbox, three for an alias; one more where the domain isn't ours, or is an alias of one of ours. */
export const lookUpAddress: Query<'address.lookup'> = async (reader, { address, domain }) => {
  const found = await findDomain(reader, domain)
  if (!found) return { domain: null, address, account: null, alias: null }
  const own = found.name === domain ? address : `${address.slice(0, address.lastIndexOf('@'))}@${found.name}`
  const account = await accountByAddress(reader, { address: own })
  const alias = account
    ? undefined
    : await reader.get<AliasTuple>(sql`SELECT ${aliasColumns} FROM alias WHERE address = ${own}`)
  return { domain: found, address: own, account, alias: alias ? aliasRow(alias) : null }
}

/** The domain of that name, or the one it is an alias of. */
async function findDomain(reader: Reader, name: string): Promise<DomainRow | null> {
  const found = await reader.get<DomainTuple>(sql`SELECT ${domainColumns} FROM domain WHERE name = ${name}`)
  if (found) return domainRow(found)
  const alias = await reader.get<[string]>(sql`SELECT domain FROM domain_alias WHERE name = ${name}`)
  const original =
    alias &&
    (await reader.get<DomainTuple>(sql`
    SELECT ${domainColumns} FROM domain WHERE name = ${alias[0]}`))
  return original ? domainRow(original) : null
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
