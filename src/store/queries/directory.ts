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
import type { AddressLookup } from '../types.ts'
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

/** One read by key for a mailbox, two for an alias; two more where the domain isn't ours, or is an alias of one of ours. */
export const lookUpAddress: Query<'address.lookup'> = async (reader, { address, domain }) => {
  const direct = await findOwner(reader, address, domain)
  if (direct) return direct
  const alias = await reader.get<[string]>(sql`SELECT domain FROM domain_alias WHERE name = ${domain}`)
  const own = alias && `${address.slice(0, address.lastIndexOf('@'))}@${alias[0]}`
  const found = own === undefined ? null : await findOwner(reader, own, alias?.[0] ?? '')
  return found ?? { domain: null, address, account: null, alias: null }
}

const DOMAIN_COLUMNS = 11 satisfies DomainTuple['length']

/** null where the domain is none of ours. Domain and account come in one: each RCPT asks for both. */
async function findOwner(reader: Reader, address: string, domain: string): Promise<AddressLookup | null> {
  const row = await reader.get<[...DomainTuple, ...AccountTuple]>(sql`
    SELECT d.*, ${accountColumns} FROM (SELECT ${domainColumns} FROM domain WHERE name = ${domain}) AS d
      LEFT JOIN account AS a ON a.address = ${address} AND a.removed_at IS NULL`)
  if (!row) return null
  const found = domainRow(row.slice(0, DOMAIN_COLUMNS) as unknown as DomainTuple)
  if (row[DOMAIN_COLUMNS] !== null)
    return {
      domain: found,
      address,
      account: accountRow(row.slice(DOMAIN_COLUMNS) as unknown as AccountTuple),
      alias: null,
    }
  const alias = await reader.get<AliasTuple>(sql`SELECT ${aliasColumns} FROM alias WHERE address = ${address}`)
  return { domain: found, address, account: null, alias: alias ? aliasRow(alias) : null }
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
