/** Rows of principals and their sessions: the columns asked for and what is made of them. */
import { Fragment } from '../sql.ts'
import type { Language, PrincipalRow, Role } from '../types/principals.ts'
import type { WebSessionRow } from '../types/sign-in.ts'

/** Of `principal AS p`. */
export const principalColumns = new Fragment(
  `p.principal_id, p.address, p.role, p.name, p.password_hash, p.password_changed_at, p.language, p.time_zone,
   CASE WHEN EXISTS (SELECT 1 FROM account AS r WHERE r.account_id = p.principal_id AND r.removed_at IS NOT NULL)
     THEN 0 ELSE p.sign_in_enabled END,
   p.second_factor_required, p.recovery_address, p.recovery_confirmed_at, p.created_at,
   CASE WHEN EXISTS (SELECT 1 FROM account AS a WHERE a.account_id = p.principal_id) THEN 1 ELSE 0 END,
   CASE WHEN EXISTS (SELECT 1 FROM totp AS t WHERE t.principal_id = p.principal_id AND t.confirmed_at IS NOT NULL)
     OR EXISTS (SELECT 1 FROM passkey AS k WHERE k.principal_id = p.principal_id) THEN 1 ELSE 0 END`,
)
export type PrincipalTuple = [
  number,
  string,
  Role,
  string,
  string | null,
  number | null,
  Language | null,
  string | null,
  number,
  number,
  string | null,
  number | null,
  number,
  number,
  number,
]

export function principalRow(tuple: PrincipalTuple): PrincipalRow {
  const [principalId, address, role, name, passwordHash, passwordChangedAt, language, timeZone] = tuple
  const [
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    signInEnabled,
    secondFactorRequired,
    recoveryAddress,
    recoveryConfirmedAt,
    createdAt,
    mailbox,
    secondFactor,
  ] = tuple
  return {
    principalId,
    address,
    role,
    name,
    passwordHash,
    passwordChangedAt,
    language,
    timeZone,
    signInEnabled: signInEnabled === 1,
    secondFactorRequired: secondFactorRequired === 1,
    recoveryAddress,
    recoveryConfirmedAt,
    createdAt,
    hasMailbox: mailbox === 1,
    hasSecondFactor: secondFactor === 1,
  }
}

export const sessionColumns = new Fragment(
  `session_id, principal_id, remembered, second_factor_at, confirmed_at, remote_address, user_agent, created_at,
   last_seen_at, expires_at`,
)
export type SessionTuple = [string, number, number, number | null, number, string, string, number, number, number]

export function sessionRow(tuple: SessionTuple): WebSessionRow {
  const [sessionId, principalId, remembered, secondFactorAt, confirmedAt, remoteAddress, userAgent] = tuple
  const [, , , , , , , createdAt, lastSeenAt, expiresAt] = tuple
  return {
    sessionId,
    principalId,
    remembered: remembered === 1,
    secondFactorAt,
    confirmedAt,
    remoteAddress,
    userAgent,
    createdAt,
    lastSeenAt,
    expiresAt,
  }
}
