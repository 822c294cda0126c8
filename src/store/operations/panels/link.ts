import { type TokenTuple, tokenColumns, tokenRow } from '../../rows/links.ts'
import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Transaction } from '../../transaction.ts'
import type { TokenPurpose } from '../../types/links.ts'
import type { PrincipalId } from '../../types/principals.ts'
import { keepRows } from '../../words.ts'
import type { Operation } from '../operation.ts'

const overLink = (): StoreError => new StoreError('not-found', 'the link was used, has expired, or was revoked')

export const addCredentialLink: Operation<'credentialLink.add'> = async (tx, link) => {
  const { linkId, tokenHash, address, domain, secretEncrypted, codeHash, createdBy, at, expiresAt } = link
  const found = await tx.get<[number]>(sql`SELECT principal_id FROM principal WHERE address = ${address}`)
  if (!found) throw new StoreError('not-found', `nobody signs in as ${address}`)
  const [principalId] = found
  await revokeWaitingLinks(tx, principalId, at)
  await tx.run(sql`
    INSERT INTO credential_link (link_id, token_hash, principal_id, domain, secret_encrypted, code_hash, code_attempts,
      created_by, created_at, expires_at, opened_count)
    VALUES (${linkId}, ${tokenHash}, ${principalId}, ${domain}, ${secretEncrypted}, ${codeHash}, 0, ${createdBy}, ${at},
      ${expiresAt}, 0)`)
}

export const sentCredentialLink: Operation<'credentialLink.sent'> = async (tx, { linkId, sentTo, at }) => {
  await tx.run(sql`UPDATE credential_link SET sent_to = ${sentTo}, sent_at = ${at} WHERE link_id = ${linkId}`)
}

export const openedCredentialLink: Operation<'credentialLink.opened'> = async (tx, { linkId, at, remoteAddress }) => {
  await tx.run(sql`
    UPDATE credential_link SET opened_at = ${at}, opened_address = ${remoteAddress}, opened_count = opened_count + 1
    WHERE link_id = ${linkId} AND secret_encrypted IS NOT NULL AND expires_at > ${at}`)
}

export const attemptCode: Operation<'credentialLink.attempt'> = async (tx, { linkId, max }) => {
  const counted = await tx.get<[number]>(sql`
    UPDATE credential_link SET code_attempts = code_attempts + 1 WHERE link_id = ${linkId} AND code_attempts < ${max}
    RETURNING code_attempts`)
  if (!counted) throw new StoreError('not-allowed', 'the code was tried too often')
  return { attempts: counted[0] }
}

export const revealCredentialLink: Operation<'credentialLink.reveal'> = async (tx, { linkId, at, remoteAddress }) => {
  const found = await tx.get<[Uint8Array]>(sql`
    SELECT secret_encrypted FROM credential_link
    WHERE link_id = ${linkId} AND secret_encrypted IS NOT NULL AND expires_at > ${at} ${keepRows}`)
  if (!found) throw overLink()
  await tx.run(sql`
    UPDATE credential_link SET secret_encrypted = NULL, revealed_at = ${at}, revealed_address = ${remoteAddress}
    WHERE link_id = ${linkId}`)
  return { secretEncrypted: found[0] }
}

export const revokeCredentialLink: Operation<'credentialLink.revoke'> = async (tx, { linkId, at }) => {
  const revoked = await tx.run(sql`
    UPDATE credential_link SET secret_encrypted = NULL, revoked_at = ${at}
    WHERE link_id = ${linkId} AND secret_encrypted IS NOT NULL AND expires_at > ${at}`)
  if (revoked === 0) throw overLink()
}

/** Those of the principal: what they would reveal holds no longer. */
export async function revokeWaitingLinks(tx: Transaction, principalId: PrincipalId, at: number): Promise<void> {
  await tx.run(sql`
    UPDATE credential_link SET secret_encrypted = NULL, revoked_at = ${at}
    WHERE principal_id = ${principalId} AND secret_encrypted IS NOT NULL AND expires_at > ${at}`)
}

export const sweepCredentialLinks: Operation<'credentialLink.sweep'> = async (tx, { at, before, limit }) => {
  await tx.run(sql`
    UPDATE credential_link SET secret_encrypted = NULL WHERE expires_at <= ${at} AND secret_encrypted IS NOT NULL`)
  const removed = await tx.run(sql`
    DELETE FROM credential_link WHERE link_id IN
      (SELECT link_id FROM credential_link WHERE created_at < ${before} ORDER BY created_at LIMIT ${limit})`)
  return removed === limit
}

export const addOneTimeToken: Operation<'oneTimeToken.add'> = async (tx, token) => {
  const { tokenHash, purpose, principalId, data, createdAt, expiresAt, only } = token
  if (only) await removeTokens(tx, principalId, purpose)
  await tx.run(sql`
    INSERT INTO one_time_token (token_hash, purpose, principal_id, data, created_at, expires_at)
    VALUES (${tokenHash}, ${purpose}, ${principalId}, ${JSON.stringify(data)}, ${createdAt}, ${expiresAt})`)
}

export const takeOneTimeToken: Operation<'oneTimeToken.take'> = async (tx, { tokenHash, purpose, at }) => {
  const taken = await tx.get<TokenTuple>(sql`
    UPDATE one_time_token SET used_at = ${at}
    WHERE token_hash = ${tokenHash} AND purpose = ${purpose} AND used_at IS NULL AND expires_at > ${at}
    RETURNING ${tokenColumns}`)
  if (!taken) throw overLink()
  return tokenRow(taken)
}

export const removeOneTimeTokens: Operation<'oneTimeToken.removeAll'> = async (tx, { principalId, purpose }) => {
  await removeTokens(tx, principalId, purpose)
}

async function removeTokens(tx: Transaction, principalId: PrincipalId, purpose: TokenPurpose): Promise<void> {
  await tx.run(sql`DELETE FROM one_time_token WHERE principal_id = ${principalId} AND purpose = ${purpose}`)
}

/**
 * Whatever would reveal a password or set one, now or by way of the external address, or make one for a device: each can be
 * spent without signing in, and may have been prepared by whoever had the former password.
 */
export async function forgetPasswordLinks(tx: Transaction, principalId: PrincipalId, at: number): Promise<void> {
  await revokeWaitingLinks(tx, principalId, at)
  await tx.run(sql`DELETE FROM one_time_token WHERE principal_id = ${principalId}`)
}

export const forgetLinks: Operation<'principal.forgetLinks'> = (tx, { principalId, at }) =>
  forgetPasswordLinks(tx, principalId, at)

export const sweepOneTimeTokens: Operation<'oneTimeToken.sweep'> = async (tx, { at, limit }) => {
  const removed = await tx.run(sql`
    DELETE FROM one_time_token WHERE token_hash IN
      (SELECT token_hash FROM one_time_token WHERE expires_at <= ${at} ORDER BY expires_at LIMIT ${limit})`)
  return removed === limit
}
