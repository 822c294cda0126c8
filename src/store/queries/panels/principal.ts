/** Who signs in, and their sessions. */
import {
  type PrincipalTuple,
  principalColumns,
  principalRow,
  type SessionTuple,
  sessionColumns,
  sessionRow,
} from '../../rows/principals.ts'
import { sql } from '../../sql.ts'
import type { Query } from '../query.ts'

export const principalByAddress: Query<'principal.byAddress'> = async (reader, { address }) => {
  const row = await reader.get<PrincipalTuple>(sql`
    SELECT ${principalColumns} FROM principal AS p WHERE p.address = ${address}`)
  return row ? principalRow(row) : null
}

export const principalById: Query<'principal.byId'> = async (reader, { principalId }) => {
  const row = await reader.get<PrincipalTuple>(sql`
    SELECT ${principalColumns} FROM principal AS p WHERE p.principal_id = ${principalId}`)
  return row ? principalRow(row) : null
}

export const listPrincipals: Query<'principal.list'> = async (reader, { role, after, limit }) => {
  const rows =
    role === null
      ? await reader.all<PrincipalTuple>(sql`
          SELECT ${principalColumns} FROM principal AS p WHERE p.address > ${after ?? ''}
          ORDER BY p.address LIMIT ${limit}`)
      : await reader.all<PrincipalTuple>(sql`
          SELECT ${principalColumns} FROM principal AS p WHERE p.role = ${role} AND p.address > ${after ?? ''}
          ORDER BY p.address LIMIT ${limit}`)
  return rows.map(principalRow)
}

export const principalDomains: Query<'principal.domains'> = async (reader, { principalId }) => {
  const rows = await reader.all<[string]>(sql`
    SELECT domain FROM principal_domain WHERE principal_id = ${principalId} ORDER BY domain`)
  return rows.map(([domain]) => domain)
}

export const domainManagers: Query<'principal.managers'> = async (reader, { domain }) => {
  const rows = await reader.all<PrincipalTuple>(sql`
    SELECT ${principalColumns} FROM principal_domain AS d JOIN principal AS p ON p.principal_id = d.principal_id
    WHERE d.domain = ${domain} AND p.role = 'manager' ORDER BY p.address`)
  return rows.map(principalRow)
}

export const sessionByToken: Query<'session.byToken'> = async (reader, { tokenHash, at }) => {
  const row = await reader.get<SessionTuple>(sql`
    SELECT ${sessionColumns} FROM web_session WHERE token_hash = ${tokenHash} AND expires_at > ${at}`)
  return row ? sessionRow(row) : null
}

export const listSessions: Query<'session.list'> = async (reader, { principalId, at }) => {
  const rows = await reader.all<SessionTuple>(sql`
    SELECT ${sessionColumns} FROM web_session WHERE principal_id = ${principalId} AND expires_at > ${at}
    ORDER BY created_at DESC LIMIT 200`)
  return rows.map(sessionRow)
}
