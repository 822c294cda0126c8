import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Operation } from '../operation.ts'
import { unknownPrincipal } from './principal.ts'

export const beginTotp: Operation<'totp.begin'> = async (tx, { principalId, secretEncrypted, at }) => {
  if (!(await tx.get(sql`SELECT 1 FROM principal WHERE principal_id = ${principalId}`)))
    throw unknownPrincipal(principalId)
  if (await tx.get(sql`SELECT 1 FROM totp WHERE principal_id = ${principalId} AND confirmed_at IS NOT NULL`))
    throw new StoreError('already-exists', 'codes are in use already')
  await tx.run(sql`DELETE FROM totp WHERE principal_id = ${principalId}`)
  await tx.run(sql`
    INSERT INTO totp (principal_id, secret_encrypted, last_step, created_at)
    VALUES (${principalId}, ${secretEncrypted}, 0, ${at})`)
}

export const confirmTotp: Operation<'totp.confirm'> = async (tx, { principalId, step, at }) => {
  const changed = await tx.run(sql`
    UPDATE totp SET confirmed_at = ${at}, last_step = ${step}
    WHERE principal_id = ${principalId} AND confirmed_at IS NULL`)
  if (changed === 0) throw new StoreError('not-found', 'no codes wait for their first')
}

export const spendTotp: Operation<'totp.spend'> = async (tx, { principalId, step }) => {
  const spent = await tx.run(sql`
    UPDATE totp SET last_step = ${step} WHERE principal_id = ${principalId} AND last_step < ${step}`)
  return spent > 0
}

export const removeTotp: Operation<'totp.remove'> = async (tx, { principalId }) => {
  const removed = await tx.run(sql`DELETE FROM totp WHERE principal_id = ${principalId}`)
  if (removed === 0) throw new StoreError('not-found', 'no codes are in use')
}

export const addPasskey: Operation<'passkey.add'> = async (tx, passkey) => {
  const { credentialId, principalId, rpId, publicKey, signCount, transports, label, createdAt, lastUsedAt } = passkey
  if (!(await tx.get(sql`SELECT 1 FROM principal WHERE principal_id = ${principalId}`)))
    throw unknownPrincipal(principalId)
  if (await tx.get(sql`SELECT 1 FROM passkey WHERE credential_id = ${credentialId}`))
    throw new StoreError('already-exists', 'the passkey is known already')
  await tx.run(sql`
    INSERT INTO passkey (credential_id, principal_id, rp_id, public_key, sign_count, transports, label, created_at,
      last_used_at)
    VALUES (${credentialId}, ${principalId}, ${rpId}, ${publicKey}, ${signCount}, ${JSON.stringify(transports)},
      ${label}, ${createdAt}, ${lastUsedAt})`)
}

export const usePasskey: Operation<'passkey.used'> = async (tx, { credentialId, signCount, at }) => {
  await tx.run(sql`
    UPDATE passkey SET sign_count = ${signCount}, last_used_at = ${at} WHERE credential_id = ${credentialId}`)
}

export const renamePasskey: Operation<'passkey.rename'> = async (tx, { principalId, credentialId, label }) => {
  const changed = await tx.run(sql`
    UPDATE passkey SET label = ${label} WHERE principal_id = ${principalId} AND credential_id = ${credentialId}`)
  if (changed === 0) throw unknownPasskey()
}

export const removePasskey: Operation<'passkey.remove'> = async (tx, { principalId, credentialId }) => {
  const removed = await tx.run(sql`
    DELETE FROM passkey WHERE principal_id = ${principalId} AND credential_id = ${credentialId}`)
  if (removed === 0) throw unknownPasskey()
}

const unknownPasskey = (): StoreError => new StoreError('not-found', 'there is no such passkey')

export const replaceRecoveryCodes: Operation<'recoveryCode.replace'> = async (tx, { principalId, codeHashes }) => {
  await tx.run(sql`DELETE FROM recovery_code WHERE principal_id = ${principalId}`)
  for (const codeHash of codeHashes)
    await tx.run(sql`INSERT INTO recovery_code (principal_id, code_hash) VALUES (${principalId}, ${codeHash})`)
}

export const spendRecoveryCode: Operation<'recoveryCode.spend'> = async (tx, { principalId, codeHash, at }) => {
  const spent = await tx.run(sql`
    UPDATE recovery_code SET used_at = ${at}
    WHERE principal_id = ${principalId} AND code_hash = ${codeHash} AND used_at IS NULL`)
  return spent > 0
}

export const resetSecondFactor: Operation<'secondFactor.reset'> = async (tx, { principalId }) => {
  await tx.run(sql`DELETE FROM totp WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM passkey WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM recovery_code WHERE principal_id = ${principalId}`)
}
