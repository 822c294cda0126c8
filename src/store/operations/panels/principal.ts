import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Transaction } from '../../transaction.ts'
import type { PrincipalId } from '../../types/principals.ts'
import { maxAccountId } from '../email-id.ts'
import type { Operation } from '../operation.ts'
import { forgetTraceLinks } from '../rules/trace.ts'
import { leaveHosts } from './brand.ts'
import { forgetPasswordLinks } from './link.ts'
import { removeSessionsOf } from './session.ts'

export const addPrincipal: Operation<'principal.add'> = async (tx, args) => {
  const { address, role, name, passwordHash, language, domains, at } = args
  await refuseTaken(tx, address)
  const principalId = await newPrincipalId(tx)
  await insertPrincipal(tx, { principalId, address, role, name, passwordHash, language, at })
  await insertDomains(tx, principalId, domains)
  return { principalId }
}

/** Ids of principals and accounts are of one series. */
export async function newPrincipalId(tx: Transaction): Promise<PrincipalId> {
  const principalId = await tx.nextId('account')
  if (principalId > maxAccountId)
    throw new StoreError('not-allowed', `the store can't hold more than ${maxAccountId} mailboxes and users`)
  return principalId
}

export async function refuseTaken(tx: Transaction, address: string): Promise<void> {
  if (await tx.get(sql`SELECT 1 FROM principal WHERE address = ${address}`))
    throw new StoreError('already-exists', `someone signs in as ${address} already`)
}

interface NewPrincipal {
  principalId: PrincipalId
  address: string
  role: string
  name: string
  passwordHash: string | null
  language: string | null
  at: number
}

export async function insertPrincipal(tx: Transaction, principal: NewPrincipal): Promise<void> {
  const { principalId, address, role, name, passwordHash, language, at } = principal
  const changedAt = passwordHash === null ? null : at
  await tx.run(sql`
    INSERT INTO principal (principal_id, address, role, name, password_hash, password_changed_at, language,
      sign_in_enabled, second_factor_required, created_at)
    VALUES (${principalId}, ${address}, ${role}, ${name}, ${passwordHash}, ${changedAt}, ${language}, 1, 0, ${at})`)
}

export const updatePrincipal: Operation<'principal.update'> = async (tx, { principalId, ...changes }) => {
  if (!(await tx.get(sql`SELECT 1 FROM principal WHERE principal_id = ${principalId}`)))
    throw unknownPrincipal(principalId)
  const { role, name, language, timeZone, signInEnabled, secondFactorRequired, recovery } = changes
  if ((role !== undefined && role !== 'staff') || signInEnabled === false) await keepStaff(tx, principalId)
  if (role !== undefined) await tx.run(sql`UPDATE principal SET role = ${role} WHERE principal_id = ${principalId}`)
  if (name !== undefined) await tx.run(sql`UPDATE principal SET name = ${name} WHERE principal_id = ${principalId}`)
  if (language !== undefined)
    await tx.run(sql`UPDATE principal SET language = ${language} WHERE principal_id = ${principalId}`)
  if (timeZone !== undefined)
    await tx.run(sql`UPDATE principal SET time_zone = ${timeZone} WHERE principal_id = ${principalId}`)
  if (signInEnabled !== undefined)
    await tx.run(sql`
      UPDATE principal SET sign_in_enabled = ${signInEnabled ? 1 : 0} WHERE principal_id = ${principalId}`)
  // A session that was open then must not come back to life later.
  if (signInEnabled === false) await removeSessionsOf(tx, principalId, null)
  if (secondFactorRequired !== undefined)
    await tx.run(sql`
      UPDATE principal SET second_factor_required = ${secondFactorRequired ? 1 : 0}
      WHERE principal_id = ${principalId}`)
  if (recovery !== undefined)
    await tx.run(sql`
      UPDATE principal SET recovery_address = ${recovery?.address ?? null},
        recovery_confirmed_at = ${recovery?.confirmedAt ?? null}
      WHERE principal_id = ${principalId}`)
}

export const setPassword: Operation<'principal.setPassword'> = async (tx, args) => {
  const { principalId, passwordHash, at, exceptSession = null } = args
  const before = await tx.get<[number | null]>(sql`
    SELECT password_changed_at FROM principal WHERE principal_id = ${principalId}`)
  if (!before) throw unknownPrincipal(principalId)
  await tx.run(sql`
    UPDATE principal SET password_hash = ${passwordHash}, password_changed_at = ${at} WHERE principal_id = ${principalId}`)
  if (before[0] === at) return
  await removeSessionsOf(tx, principalId, exceptSession)
  await forgetPasswordLinks(tx, principalId, at)
}

export const setPrincipalDomains: Operation<'principal.setDomains'> = async (tx, { principalId, domains }) => {
  if (!(await tx.get(sql`SELECT 1 FROM principal WHERE principal_id = ${principalId}`)))
    throw unknownPrincipal(principalId)
  const before = await tx.all<[string]>(sql`SELECT domain FROM principal_domain WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM principal_domain WHERE principal_id = ${principalId}`)
  await insertDomains(tx, principalId, domains)
  const left = before.map(([domain]) => domain).filter(domain => !domains.includes(domain))
  await leaveHosts(tx, principalId, left)
}

async function insertDomains(tx: Transaction, principalId: PrincipalId, domains: readonly string[]): Promise<void> {
  for (const domain of new Set(domains)) {
    if (!(await tx.get(sql`SELECT 1 FROM domain WHERE name = ${domain}`)))
      throw new StoreError('not-found', `there is no domain ${domain}`)
    await tx.run(sql`INSERT INTO principal_domain (principal_id, domain) VALUES (${principalId}, ${domain})`)
  }
}

export const removePrincipal: Operation<'principal.remove'> = async (tx, { principalId }) => {
  if (await tx.get(sql`SELECT 1 FROM account WHERE account_id = ${principalId}`))
    throw new StoreError('not-allowed', 'a principal with a mailbox goes with it')
  if (!(await tx.get(sql`SELECT 1 FROM principal WHERE principal_id = ${principalId}`)))
    throw unknownPrincipal(principalId)
  await keepStaff(tx, principalId)
  await forgetPrincipal(tx, principalId)
}

/** Refuses to take away the last of the staff who can sign in: nobody could be made one again. */
export async function keepStaff(tx: Transaction, principalId: PrincipalId): Promise<void> {
  const able = await tx.all<[PrincipalId]>(sql`
    SELECT p.principal_id FROM principal AS p
    WHERE p.role = 'staff' AND p.sign_in_enabled = 1 AND NOT EXISTS (
      SELECT 1 FROM account AS r WHERE r.account_id = p.principal_id AND r.removed_at IS NOT NULL)
    LIMIT 2`)
  if (able.length === 1 && able[0]?.[0] === principalId)
    throw new StoreError('last-staff', 'nobody else of the staff could sign in')
}

/** All that is known of who signed in; the audit log keeps what was done. */
export async function forgetPrincipal(tx: Transaction, principalId: PrincipalId): Promise<void> {
  await tx.run(sql`DELETE FROM totp WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM passkey WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM recovery_code WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM app_password WHERE principal_id = ${principalId} OR account_id = ${principalId}`)
  await tx.run(sql`DELETE FROM web_session WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM sign_in WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM credential_link WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM one_time_token WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM api_token WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM idempotency_key WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM shared_member WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM brand WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM brand_host WHERE principal_id = ${principalId}`)
  await tx.run(sql`DELETE FROM principal_domain WHERE principal_id = ${principalId}`)
  await forgetTraceLinks(tx, principalId)
  await tx.run(sql`DELETE FROM principal WHERE principal_id = ${principalId}`)
}

export function unknownPrincipal(principalId: PrincipalId): StoreError {
  return new StoreError('not-found', `there is no principal ${principalId}`)
}
