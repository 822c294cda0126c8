import { SESSIONS_OF_PRINCIPAL } from '../../limits.ts'
import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Transaction } from '../../transaction.ts'
import type { PrincipalId } from '../../types/principals.ts'
import type { Operation } from '../operation.ts'

export const addSession: Operation<'session.add'> = async (tx, session) => {
  const { tokenHash, sessionId, principalId, remembered, secondFactorAt, confirmedAt } = session
  const { remoteAddress, userAgent, createdAt, lastSeenAt, expiresAt } = session
  await tx.run(sql`
    DELETE FROM web_session WHERE principal_id = ${principalId} AND session_id IN (
      SELECT session_id FROM web_session WHERE principal_id = ${principalId}
      ORDER BY last_seen_at DESC, created_at DESC, session_id
      LIMIT ${SESSIONS_OF_PRINCIPAL} OFFSET ${SESSIONS_OF_PRINCIPAL - 1})`)
  await tx.run(sql`
    INSERT INTO web_session (token_hash, session_id, principal_id, remembered, second_factor_at, confirmed_at,
      remote_address, user_agent, created_at, last_seen_at, expires_at)
    VALUES (${tokenHash}, ${sessionId}, ${principalId}, ${remembered ? 1 : 0}, ${secondFactorAt}, ${confirmedAt},
      ${remoteAddress}, ${userAgent}, ${createdAt}, ${lastSeenAt}, ${expiresAt})`)
}

export const touchSession: Operation<'session.touch'> = async (tx, { sessionId, at, expiresAt }) => {
  await tx.run(sql`
    UPDATE web_session SET last_seen_at = ${at}, expires_at = ${expiresAt} WHERE session_id = ${sessionId}`)
}

export const confirmSession: Operation<'session.confirm'> = async (tx, { sessionId, at, secondFactor }) => {
  await tx.run(sql`UPDATE web_session SET confirmed_at = ${at} WHERE session_id = ${sessionId}`)
  if (secondFactor) await tx.run(sql`UPDATE web_session SET second_factor_at = ${at} WHERE session_id = ${sessionId}`)
}

export const removeSession: Operation<'session.remove'> = async (tx, { principalId, sessionId }) => {
  const removed = await tx.run(sql`
    DELETE FROM web_session WHERE principal_id = ${principalId} AND session_id = ${sessionId}`)
  if (removed === 0) throw new StoreError('not-found', 'there is no such session')
}

export const removeSessions: Operation<'session.removeAll'> = async (tx, { principalId, except }) => {
  await removeSessionsOf(tx, principalId, except)
}

export async function removeSessionsOf(
  tx: Transaction,
  principalId: PrincipalId,
  except: string | null,
): Promise<void> {
  await tx.run(sql`
    DELETE FROM web_session WHERE principal_id = ${principalId} AND session_id <> ${except ?? ''}`)
}

export const sweepSessions: Operation<'session.sweep'> = async (tx, { at }) => {
  await tx.run(sql`DELETE FROM web_session WHERE expires_at <= ${at}`)
}
