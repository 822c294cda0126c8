/** The audit log, and tokens of programs. */
import { Fragment, list, sql } from '../../sql.ts'
import type { ApiTokenRow, AuditRow, NewAuditEntry } from '../../types/service.ts'
import type { Query } from '../query.ts'

const auditColumns = new Fragment(
  'audit_id, at, actor, actor_id, actor_role, via, remote_address, action, target, domain, before, after',
)
type AuditTuple = [
  number,
  number,
  string,
  number | null,
  NewAuditEntry['actorRole'],
  NewAuditEntry['via'],
  string,
  string,
  string,
  string | null,
  string | null,
  string | null,
]

/** The narrowest of the conditions leads; the others are looked at row by row. */
export const listAudit: Query<'audit.list'> = async (reader, { domains, target, actorId, before, limit }) => {
  const below = before ?? Number.MAX_SAFE_INTEGER
  const rows =
    domains === null
      ? await reader.all<AuditTuple>(sql`
          SELECT ${auditColumns} FROM audit
          WHERE audit_id < ${below} AND (${target} IS NULL OR target = ${target})
            AND (${actorId} IS NULL OR actor_id = ${actorId})
          ORDER BY audit_id DESC LIMIT ${limit}`)
      : await reader.all<AuditTuple>(sql`
          SELECT ${auditColumns} FROM audit
          WHERE audit_id < ${below} AND domain IN ${list(domains)} AND (${target} IS NULL OR target = ${target})
            AND (${actorId} IS NULL OR actor_id = ${actorId})
          ORDER BY audit_id DESC LIMIT ${limit}`)
  return rows.map(auditRow)
}

function auditRow(tuple: AuditTuple): AuditRow {
  const [auditId, at, actor, actorId, actorRole, via, remoteAddress, action, target, domain, before, after] = tuple
  return {
    auditId,
    at,
    actor,
    actorId,
    actorRole,
    via,
    remoteAddress,
    action,
    target,
    domain,
    before: before === null ? null : JSON.parse(before),
    after: after === null ? null : JSON.parse(after),
  }
}

const tokenColumns = new Fragment(
  'token_id, principal_id, label, scopes, expires_at, created_at, last_used_at, last_used_address',
)
type TokenTuple = [string, number, string, string, number | null, number, number | null, string | null]

export const apiTokenBySecret: Query<'apiToken.bySecret'> = async (reader, { secretHash }) => {
  const row = await reader.get<TokenTuple>(sql`SELECT ${tokenColumns} FROM api_token WHERE secret_hash = ${secretHash}`)
  return row ? tokenRow(row) : null
}

export const listApiTokens: Query<'apiToken.list'> = async (reader, { principalId }) => {
  const rows = await reader.all<TokenTuple>(sql`
    SELECT ${tokenColumns} FROM api_token WHERE principal_id = ${principalId} ORDER BY created_at`)
  return rows.map(tokenRow)
}

function tokenRow(tuple: TokenTuple): ApiTokenRow {
  const [tokenId, principalId, label, scopes, expiresAt, createdAt, lastUsedAt, lastUsedAddress] = tuple
  return { tokenId, principalId, label, scopes: JSON.parse(scopes), expiresAt, createdAt, lastUsedAt, lastUsedAddress }
}
