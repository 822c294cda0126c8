import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Operation } from '../operation.ts'

export const addAudit: Operation<'audit.add'> = async (tx, entry) => {
  const { at, actor, actorId, actorRole, via, remoteAddress, action, target, domain, before, after } = entry
  const auditId = await tx.nextId('audit')
  await tx.run(sql`
    INSERT INTO audit (audit_id, at, actor, actor_id, actor_role, via, remote_address, action, target, domain, before, after)
    VALUES (${auditId}, ${at}, ${actor}, ${actorId}, ${actorRole}, ${via}, ${remoteAddress}, ${action}, ${target},
      ${domain}, ${before && JSON.stringify(before)}, ${after && JSON.stringify(after)})`)
}

/** By the ids, which go with the time but for clocks that were set: what was dated too late waits until it is old enough. */
export const sweepAudit: Operation<'audit.sweep'> = async (tx, { before, limit }) => {
  const removed = await tx.run(sql`
    DELETE FROM audit WHERE at < ${before} AND audit_id <= (
      SELECT MAX(f.audit_id) FROM (SELECT a.audit_id FROM audit AS a ORDER BY a.audit_id LIMIT ${limit}) AS f)`)
  return removed === limit
}

export const addApiToken: Operation<'apiToken.add'> = async (tx, token) => {
  const { tokenId, principalId, label, secretHash, scopes, expiresAt, createdAt } = token
  await tx.run(sql`
    INSERT INTO api_token (token_id, principal_id, label, secret_hash, scopes, expires_at, created_at)
    VALUES (${tokenId}, ${principalId}, ${label}, ${secretHash}, ${JSON.stringify(scopes)}, ${expiresAt}, ${createdAt})`)
}

export const removeApiToken: Operation<'apiToken.remove'> = async (tx, { principalId, tokenId }) => {
  const removed = await tx.run(sql`
    DELETE FROM api_token WHERE principal_id = ${principalId} AND token_id = ${tokenId}`)
  if (removed === 0) throw new StoreError('not-found', 'there is no such token')
}

export const removeApiTokens: Operation<'apiToken.removeAll'> = async (tx, { principalId }) => {
  await tx.run(sql`DELETE FROM api_token WHERE principal_id = ${principalId}`)
}

export const sweepApiTokens: Operation<'apiToken.sweep'> = async (tx, { before }) => {
  await tx.run(sql`DELETE FROM api_token WHERE expires_at IS NOT NULL AND expires_at < ${before}`)
}

export const useApiToken: Operation<'apiToken.used'> = async (tx, { tokenId, at, remoteAddress }) => {
  await tx.run(sql`
    UPDATE api_token SET last_used_at = ${at}, last_used_address = ${remoteAddress} WHERE token_id = ${tokenId}`)
}

export const beginIdempotent: Operation<'idempotency.begin'> = async (tx, { principalId, key, requestHash, at }) => {
  const taken = await tx.get<[string, number | null, string | null, number]>(sql`
    SELECT request_hash, status, body, created_at FROM idempotency_key
    WHERE principal_id = ${principalId} AND key = ${key}`)
  if (taken) {
    const [hash, status, body, createdAt] = taken
    return { requestHash: hash, status, body, createdAt }
  }
  await tx.run(sql`
    INSERT INTO idempotency_key (principal_id, key, request_hash, created_at)
    VALUES (${principalId}, ${key}, ${requestHash}, ${at})`)
  return null
}

export const finishIdempotent: Operation<'idempotency.finish'> = async (tx, { principalId, key, status, body }) => {
  await tx.run(sql`
    UPDATE idempotency_key SET status = ${status}, body = ${body} WHERE principal_id = ${principalId} AND key = ${key}`)
}

export const forgetIdempotent: Operation<'idempotency.forget'> = async (tx, { principalId, key }) => {
  await tx.run(sql`DELETE FROM idempotency_key WHERE principal_id = ${principalId} AND key = ${key}`)
}

export const sweepIdempotent: Operation<'idempotency.sweep'> = async (tx, { before }) => {
  await tx.run(sql`DELETE FROM idempotency_key WHERE created_at < ${before}`)
}
