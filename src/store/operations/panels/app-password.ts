import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Operation } from '../operation.ts'

export const addAppPassword: Operation<'appPassword.add'> = async (tx, row) => {
  const { appPasswordId, accountId, principalId, label, protocols, networks, expiresAt, createdAt, secretHash } = row
  const own = accountId === principalId
  const opens = own
    ? await tx.get(sql`SELECT 1 FROM account WHERE account_id = ${accountId}`)
    : await tx.get(sql`
        SELECT 1 FROM shared_member WHERE account_id = ${accountId} AND principal_id = ${principalId}`)
  if (!opens) throw new StoreError('not-allowed', 'the mailbox is neither the own one nor shared with the principal')
  await tx.run(sql`
    INSERT INTO app_password (app_password_id, account_id, principal_id, label, secret_hash, protocols, networks,
      expires_at, created_at)
    VALUES (${appPasswordId}, ${accountId}, ${principalId}, ${label}, ${secretHash}, ${JSON.stringify(protocols)},
      ${JSON.stringify(networks)}, ${expiresAt}, ${createdAt})`)
}

export const updateAppPassword: Operation<'appPassword.update'> = async (tx, args) => {
  const { principalId, appPasswordId, label, protocols, networks, expiresAt } = args
  const known = await tx.get(sql`
    SELECT 1 FROM app_password WHERE app_password_id = ${appPasswordId} AND principal_id = ${principalId}`)
  if (!known) throw unknownAppPassword()
  if (label !== undefined)
    await tx.run(sql`UPDATE app_password SET label = ${label} WHERE app_password_id = ${appPasswordId}`)
  if (protocols !== undefined)
    await tx.run(sql`
      UPDATE app_password SET protocols = ${JSON.stringify(protocols)} WHERE app_password_id = ${appPasswordId}`)
  if (networks !== undefined)
    await tx.run(sql`
      UPDATE app_password SET networks = ${JSON.stringify(networks)} WHERE app_password_id = ${appPasswordId}`)
  if (expiresAt !== undefined)
    await tx.run(sql`UPDATE app_password SET expires_at = ${expiresAt} WHERE app_password_id = ${appPasswordId}`)
}

export const removeAppPassword: Operation<'appPassword.remove'> = async (tx, { principalId, appPasswordId }) => {
  const removed = await tx.run(sql`
    DELETE FROM app_password WHERE app_password_id = ${appPasswordId} AND principal_id = ${principalId}`)
  if (removed === 0) throw unknownAppPassword()
}

const unknownAppPassword = (): StoreError => new StoreError('not-found', 'there is no such app password')

export const removeAppPasswords: Operation<'appPassword.removeAll'> = async (tx, { principalId }) =>
  tx.run(sql`DELETE FROM app_password WHERE principal_id = ${principalId}`)

export const useAppPasswords: Operation<'appPassword.used'> = async (tx, { used }) => {
  for (const { appPasswordId, at, protocol, remoteAddress } of used)
    await tx.run(sql`
      UPDATE app_password
      SET last_used_at = ${at}, last_used_protocol = ${protocol}, last_used_address = ${remoteAddress}
      WHERE app_password_id = ${appPasswordId}`)
}
