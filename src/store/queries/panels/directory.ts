/** Domains and mailboxes as whoever administers them sees them. */
import type { PanelDirectoryQueries } from '../../contract/panel-directory.ts'
import {
  type AccountTuple,
  accountColumns,
  accountRow,
  type DomainTuple,
  domainColumns,
  domainRow,
} from '../../rows/directory.ts'
import { Fragment, list, sql } from '../../sql.ts'
import type { AccountListRow, MembershipRow } from '../../types/directory.ts'
import type { Role } from '../../types/principals.ts'
import type { Query } from '../query.ts'

const domainByName: Query<'domain.byName'> = async (reader, { name }) => {
  const row = await reader.get<DomainTuple>(sql`SELECT ${domainColumns} FROM domain WHERE name = ${name}`)
  return row ? domainRow(row) : null
}

const domainUsage: Query<'domain.usage'> = async (reader, { domain, after, limit }) => {
  const [rows = 0, usedBytes = 0, withoutQuota = 0, last = null] =
    (await reader.get<[number, number, number, string | null]>(sql`
      SELECT COUNT(*), COALESCE(SUM(used_bytes), 0), COALESCE(SUM(CASE WHEN quota_bytes IS NULL THEN 1 ELSE 0 END), 0),
        MAX(address)
      FROM (
        SELECT address, used_bytes, quota_bytes FROM account
        WHERE domain = ${domain} AND address > ${after ?? ''} AND removed_at IS NULL
        ORDER BY address LIMIT ${limit}) AS page`)) ?? []
  return { usedBytes, withoutQuota, next: rows === limit ? last : null }
}

type DomainAliasTuple = [string, string, number]
const domainAliasColumns = new Fragment('name, domain, created_at')
const domainAliasRow = ([name, domain, createdAt]: DomainAliasTuple) => ({ name, domain, createdAt })

const listDomainAliases: Query<'domainAlias.list'> = async (reader, { domain }) => {
  const rows =
    domain === null
      ? await reader.all<DomainAliasTuple>(sql`SELECT ${domainAliasColumns} FROM domain_alias ORDER BY name`)
      : await reader.all<DomainAliasTuple>(sql`
          SELECT ${domainAliasColumns} FROM domain_alias WHERE domain = ${domain} ORDER BY name`)
  return rows.map(domainAliasRow)
}

const domainAliasByName: Query<'domainAlias.byName'> = async (reader, { name }) => {
  const row = await reader.get<DomainAliasTuple>(sql`
    SELECT ${domainAliasColumns} FROM domain_alias WHERE name = ${name}`)
  return row ? domainAliasRow(row) : null
}

/** Of `account AS a JOIN principal AS p`. */
const listColumns = new Fragment(
  `p.name, p.role, p.sign_in_enabled, CASE WHEN p.password_hash IS NULL THEN 0 ELSE 1 END, a.removed_at, ${accountColumns.text}`,
)
type ListTuple = [string, Role, number, number, number | null, ...AccountTuple]

function listRow([name, role, signInEnabled, hasPassword, removedAt, ...account]: ListTuple): AccountListRow {
  return {
    ...accountRow(account),
    name,
    role,
    signInEnabled: signInEnabled === 1,
    hasPassword: hasPassword === 1,
    removedAt,
  }
}

const pageOfAccounts: Query<'account.page'> = async (reader, { domain, after, limit }) => {
  const from = after ?? ''
  const rows =
    domain === null
      ? await reader.all<ListTuple>(sql`
          SELECT ${listColumns} FROM account AS a JOIN principal AS p ON p.principal_id = a.account_id
          WHERE a.address > ${from} AND a.removed_at IS NULL ORDER BY a.address LIMIT ${limit}`)
      : await reader.all<ListTuple>(sql`
          SELECT ${listColumns} FROM account AS a JOIN principal AS p ON p.principal_id = a.account_id
          WHERE a.domain = ${domain} AND a.address > ${from} AND a.removed_at IS NULL ORDER BY a.address LIMIT ${limit}`)
  return rows.map(listRow)
}

const listBin: Query<'bin.list'> = async (reader, { domains, before, limit }) => {
  const { removedAt, accountId } = before ?? { removedAt: Number.MAX_SAFE_INTEGER, accountId: 0 }
  const rows =
    domains === null
      ? await reader.all<ListTuple>(sql`
          SELECT ${listColumns} FROM account AS a JOIN principal AS p ON p.principal_id = a.account_id
          WHERE a.removed_at IS NOT NULL AND (a.removed_at, a.account_id) < (${removedAt}, ${accountId})
          ORDER BY a.removed_at DESC, a.account_id DESC LIMIT ${limit}`)
      : await reader.all<ListTuple>(sql`
          SELECT ${listColumns} FROM account AS a JOIN principal AS p ON p.principal_id = a.account_id
          WHERE a.removed_at IS NOT NULL AND (a.removed_at, a.account_id) < (${removedAt}, ${accountId})
            AND a.domain IN ${list(domains)}
          ORDER BY a.removed_at DESC, a.account_id DESC LIMIT ${limit}`)
  return rows.map(listRow)
}

const accountDetails: Query<'account.details'> = async (reader, { address }) => {
  const row = await reader.get<ListTuple>(sql`
    SELECT ${listColumns} FROM account AS a JOIN principal AS p ON p.principal_id = a.account_id
    WHERE a.address = ${address}`)
  return row ? listRow(row) : null
}

const lastSignIns: Query<'account.lastSignIns'> = async (reader, { accountIds }) => {
  const rows = await reader.all<[number, number]>(sql`
    SELECT principal_id, MAX(last_at) FROM sign_in WHERE principal_id IN ${list(accountIds)} AND outcome = 'ok'
    GROUP BY principal_id`)
  return rows.map(([accountId, at]) => ({ accountId, at }))
}

const dueInBin: Query<'bin.due'> = async (reader, { before, limit }) => {
  const rows = await reader.all<[number, string, number]>(sql`
    SELECT account_id, address, removed_at FROM account WHERE removed_at IS NOT NULL AND removed_at < ${before}
    ORDER BY removed_at LIMIT ${limit}`)
  return rows.map(([accountId, address, removedAt]) => ({ accountId, address, removedAt }))
}

const listMembers: Query<'member.list'> = async (reader, { accountId }) => {
  const rows = await reader.all<[number, string, string, number, number]>(sql`
    SELECT m.principal_id, p.address, p.name, m.may_send, m.created_at
    FROM shared_member AS m JOIN principal AS p ON p.principal_id = m.principal_id
    WHERE m.account_id = ${accountId} ORDER BY p.address`)
  return rows.map(([principalId, address, name, maySend, createdAt]) => ({
    principalId,
    address,
    name,
    maySend: maySend === 1,
    createdAt,
  }))
}

type MembershipTuple = [number, string, string, number]
const membershipRow = ([accountId, address, name, maySend]: MembershipTuple): MembershipRow => ({
  accountId,
  address,
  name,
  maySend: maySend === 1,
})

const membershipOf: Query<'member.of'> = async (reader, { accountId, principalId }) => {
  const row = await reader.get<MembershipTuple>(sql`
    SELECT a.account_id, a.address, p.name, m.may_send
    FROM shared_member AS m JOIN account AS a ON a.account_id = m.account_id
      JOIN principal AS p ON p.principal_id = m.account_id
    WHERE m.account_id = ${accountId} AND m.principal_id = ${principalId} AND a.removed_at IS NULL`)
  return row ? membershipRow(row) : null
}

const memberships: Query<'member.mailboxes'> = async (reader, { principalId }) => {
  const rows = await reader.all<MembershipTuple>(sql`
    SELECT a.account_id, a.address, p.name, m.may_send
    FROM shared_member AS m JOIN account AS a ON a.account_id = m.account_id
      JOIN principal AS p ON p.principal_id = m.account_id
    WHERE m.principal_id = ${principalId} AND a.removed_at IS NULL ORDER BY a.address`)
  return rows.map(membershipRow)
}

export const directoryQueries: { readonly [K in keyof PanelDirectoryQueries]: Query<K> } = {
  'domain.byName': domainByName,
  'domain.usage': domainUsage,
  'domainAlias.list': listDomainAliases,
  'domainAlias.byName': domainAliasByName,
  'account.page': pageOfAccounts,
  'account.details': accountDetails,
  'account.lastSignIns': lastSignIns,
  'bin.list': listBin,
  'bin.due': dueInBin,
  'member.list': listMembers,
  'member.of': membershipOf,
  'member.mailboxes': memberships,
}
