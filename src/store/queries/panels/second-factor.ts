/** Second factors of whoever signs in to the panel. */
import { Fragment, sql } from '../../sql.ts'
import type { PasskeyRow } from '../../types/sign-in.ts'
import type { Query } from '../query.ts'

export const totpOf: Query<'totp.get'> = async (reader, { principalId }) => {
  const row = await reader.get<[Uint8Array, number | null, number, number]>(sql`
    SELECT secret_encrypted, confirmed_at, last_step, created_at FROM totp WHERE principal_id = ${principalId}`)
  if (!row) return null
  const [secretEncrypted, confirmedAt, lastStep, createdAt] = row
  return { secretEncrypted, confirmedAt, lastStep, createdAt }
}

const passkeyColumns = new Fragment(
  'credential_id, principal_id, rp_id, public_key, sign_count, transports, label, created_at, last_used_at',
)
type PasskeyTuple = [string, number, string, Uint8Array, number, string, string, number, number | null]

export const passkeyById: Query<'passkey.byId'> = async (reader, { credentialId }) => {
  const row = await reader.get<PasskeyTuple>(sql`
    SELECT ${passkeyColumns} FROM passkey WHERE credential_id = ${credentialId}`)
  return row ? passkeyRow(row) : null
}

export const listPasskeys: Query<'passkey.list'> = async (reader, { principalId }) => {
  const rows = await reader.all<PasskeyTuple>(sql`
    SELECT ${passkeyColumns} FROM passkey WHERE principal_id = ${principalId} ORDER BY created_at, credential_id`)
  return rows.map(passkeyRow)
}

function passkeyRow(tuple: PasskeyTuple): PasskeyRow {
  const [credentialId, principalId, rpId, publicKey, signCount, transports, label, createdAt, lastUsedAt] = tuple
  const row = { credentialId, principalId, rpId, publicKey, signCount, label, createdAt, lastUsedAt }
  return { ...row, transports: JSON.parse(transports) }
}

export const countRecoveryCodes: Query<'recoveryCode.count'> = async (reader, { principalId }) => {
  const row = await reader.get<[number, number]>(sql`
    SELECT COUNT(*), COUNT(used_at) FROM recovery_code WHERE principal_id = ${principalId}`)
  const [total, used] = row ?? [0, 0]
  return { left: total - used, total }
}
