/** Passwords of single mail programs. */
import { Fragment, sql } from '../../sql.ts'
import type { AppPasswordRow } from '../../types/sign-in.ts'
import type { Query } from '../query.ts'

/** Of `app_password AS w`. */
const columns = new Fragment(
  `w.app_password_id, w.account_id, w.principal_id, w.label, w.protocols, w.networks, w.expires_at, w.created_at,
   w.last_used_at, w.last_used_protocol, w.last_used_address`,
)
type Tuple = [
  string,
  number,
  number,
  string,
  string,
  string,
  number | null,
  number,
  number | null,
  AppPasswordRow['lastUsedProtocol'],
  string | null,
]

export const appPasswordBySecret: Query<'appPassword.bySecret'> = async (reader, { accountId, secretHash }) => {
  const row = await reader.get<[...Tuple, number | null]>(sql`
    SELECT ${columns}, CASE WHEN w.account_id = w.principal_id THEN 1 ELSE m.may_send END
    FROM app_password AS w JOIN principal AS p ON p.principal_id = w.principal_id
      LEFT JOIN shared_member AS m ON m.account_id = w.account_id AND m.principal_id = w.principal_id
    WHERE w.account_id = ${accountId} AND w.secret_hash = ${secretHash} AND p.sign_in_enabled = 1
      AND NOT EXISTS (
        SELECT 1 FROM account AS r WHERE r.account_id = w.principal_id AND r.removed_at IS NOT NULL)`)
  const maySend = row?.at(-1)
  if (!row || maySend === null) return null
  return { ...appPasswordRow(row.slice(0, -1) as Tuple), maySend: maySend === 1 }
}

export const listAppPasswords: Query<'appPassword.list'> = async (reader, { principalId }) => {
  const rows = await reader.all<[...Tuple, string]>(sql`
    SELECT ${columns}, a.address FROM app_password AS w JOIN account AS a ON a.account_id = w.account_id
    WHERE w.principal_id = ${principalId}
      AND (w.account_id = w.principal_id OR EXISTS (
        SELECT 1 FROM shared_member AS m WHERE m.account_id = w.account_id AND m.principal_id = w.principal_id))
    ORDER BY w.created_at DESC, w.app_password_id`)
  return rows.map(row => {
    const [address] = row.slice(-1) as [string]
    return { ...appPasswordRow(row.slice(0, -1) as Tuple), address }
  })
}

function appPasswordRow(tuple: Tuple): AppPasswordRow {
  const [appPasswordId, accountId, principalId, label, protocols, networks, expiresAt, createdAt] = tuple
  const [, , , , , , , , lastUsedAt, lastUsedProtocol, lastUsedAddress] = tuple
  const used = { lastUsedAt, lastUsedProtocol, lastUsedAddress }
  const lists = { protocols: JSON.parse(protocols), networks: JSON.parse(networks) }
  return { appPasswordId, accountId, principalId, label, ...lists, expiresAt, createdAt, ...used }
}
