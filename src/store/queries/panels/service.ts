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

/** One statement for each index that can lead; the other conditions are looked at row by row. */
export const listAudit: Query<'audit.list'> = async (reader, args) => {
  const { domains, target, actorId, own = null, action = null, search = '', before, limit } = args
  const { since = 0, until = Number.MAX_SAFE_INTEGER } = args
  const below = before ?? Number.MAX_SAFE_INTEGER
  // "mailbox." to "mailbox/": all that begin so, by the index's own order.
  const [first, last] = action?.endsWith('.') ? [action, `${action.slice(0, -1)}/`] : [action ?? '', action ?? LAST]
  const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`
  const rows =
    own !== null
      ? await reader.all<AuditTuple>(sql`
          SELECT ${auditColumns} FROM audit
          WHERE audit_id < ${below} AND at >= ${since} AND at < ${until}
            AND (actor_id = ${own.principalId} OR target = ${own.address} AND at >= (
              SELECT p.created_at FROM principal AS p WHERE p.principal_id = ${own.principalId}))
            AND (CAST(${target} AS TEXT) IS NULL OR target = ${target}) AND (CAST(${actorId} AS BIGINT) IS NULL OR actor_id = ${actorId})
            AND action BETWEEN ${first} AND ${last}
            AND (${like} = '%%' OR lower(target) LIKE ${like} ESCAPE '\\' OR lower(actor) LIKE ${like} ESCAPE '\\')
          ORDER BY audit_id DESC LIMIT ${limit}`)
      : domains !== null
        ? await reader.all<AuditTuple>(sql`
          SELECT ${auditColumns} FROM audit
          WHERE audit_id < ${below} AND domain IN ${list(domains)} AND at >= ${since} AND at < ${until}
            AND at >= (SELECT d.created_at FROM domain AS d WHERE d.name = audit.domain)
            AND (CAST(${target} AS TEXT) IS NULL OR target = ${target}) AND (CAST(${actorId} AS BIGINT) IS NULL OR actor_id = ${actorId})
            AND action BETWEEN ${first} AND ${last}
            AND (${like} = '%%' OR lower(target) LIKE ${like} ESCAPE '\\' OR lower(actor) LIKE ${like} ESCAPE '\\')
          ORDER BY audit_id DESC LIMIT ${limit}`)
        : await reader.all<AuditTuple>(sql`
          SELECT ${auditColumns} FROM audit
          WHERE audit_id < ${below} AND at >= ${since} AND at < ${until}
            AND (CAST(${target} AS TEXT) IS NULL OR target = ${target}) AND (CAST(${actorId} AS BIGINT) IS NULL OR actor_id = ${actorId})
            AND action BETWEEN ${first} AND ${last}
            AND (${like} = '%%' OR lower(target) LIKE ${like} ESCAPE '\\' OR lower(actor) LIKE ${like} ESCAPE '\\')
          ORDER BY audit_id DESC LIMIT ${limit}`)
  return rows.map(auditRow)
}

/** Behind every action. */
const LAST = '~'

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

export const oldestSecrets: Query<'secret.oldest'> = async reader => {
  // The order of accounts is that of their making, more or less.
  const totp = await reader.get<[number, Uint8Array]>(sql`
    SELECT principal_id, secret_encrypted FROM totp ORDER BY principal_id LIMIT 1`)
  const webhook = await reader.get<[string, Uint8Array]>(sql`
    SELECT webhook_id, secret_encrypted FROM webhook ORDER BY created_at LIMIT 1`)
  return {
    totp: totp ? { principalId: totp[0], secretEncrypted: totp[1] } : null,
    webhook: webhook ? { webhookId: webhook[0], secretEncrypted: webhook[1] } : null,
  }
}

function tokenRow(tuple: TokenTuple): ApiTokenRow {
  const [tokenId, principalId, label, scopes, expiresAt, createdAt, lastUsedAt, lastUsedAddress] = tuple
  return { tokenId, principalId, label, scopes: JSON.parse(scopes), expiresAt, createdAt, lastUsedAt, lastUsedAddress }
}
