import type { PanelDirectoryOperations } from '../../contract/panel-directory.ts'
import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Transaction } from '../../transaction.ts'
import type { AccountId } from '../../types.ts'
import { unknownAccount } from '../account.ts'
import { unknownDomain } from '../domain.ts'
import { givePlaceBack, takePlace } from '../domain-room.ts'
import type { Operation } from '../operation.ts'
import { forgetTraceLinks } from '../rules/trace.ts'
import { keepStaff } from './principal.ts'

const updateDomain: Operation<'domain.update'> = async (tx, { name, ...changes }) => {
  if (!(await tx.get(sql`SELECT 1 FROM domain WHERE name = ${name}`))) throw unknownDomain(name)
  const { catchAll, defaultPlanId, defaultQuotaBytes, quotaBytes, maxMailboxes } = changes
  const { mailboxHourlyLimit, domainHourlyLimit } = changes
  if (catchAll !== undefined) await tx.run(sql`UPDATE domain SET catch_all = ${catchAll} WHERE name = ${name}`)
  if (defaultPlanId !== undefined)
    await tx.run(sql`UPDATE domain SET default_plan_id = ${defaultPlanId} WHERE name = ${name}`)
  if (defaultQuotaBytes !== undefined)
    await tx.run(sql`UPDATE domain SET default_quota_bytes = ${defaultQuotaBytes} WHERE name = ${name}`)
  if (quotaBytes !== undefined) await tx.run(sql`UPDATE domain SET quota_bytes = ${quotaBytes} WHERE name = ${name}`)
  if (maxMailboxes !== undefined)
    await tx.run(sql`UPDATE domain SET max_mailboxes = ${maxMailboxes} WHERE name = ${name}`)
  if (mailboxHourlyLimit !== undefined)
    await tx.run(sql`UPDATE domain SET mailbox_hourly_limit = ${mailboxHourlyLimit} WHERE name = ${name}`)
  if (domainHourlyLimit !== undefined)
    await tx.run(sql`UPDATE domain SET domain_hourly_limit = ${domainHourlyLimit} WHERE name = ${name}`)
}

const addDomainAlias: Operation<'domainAlias.add'> = async (tx, { name, domain, at }) => {
  if (!(await tx.get(sql`SELECT 1 FROM domain WHERE name = ${domain}`))) throw unknownDomain(domain)
  if (await tx.get(sql`SELECT 1 FROM domain WHERE name = ${name}`))
    throw new StoreError('already-exists', `${name} is a domain of its own`)
  const added = await tx.run(sql`
    INSERT INTO domain_alias (name, domain, created_at) VALUES (${name}, ${domain}, ${at})
    ON CONFLICT (name) DO NOTHING`)
  if (added === 0) throw new StoreError('already-exists', `${name} is an alias of a domain already`)
}

const removeDomainAlias: Operation<'domainAlias.remove'> = async (tx, { name }) => {
  const removed = await tx.run(sql`DELETE FROM domain_alias WHERE name = ${name}`)
  if (removed === 0) throw new StoreError('not-found', `${name} is no alias of a domain`)
}

const updateAccount: Operation<'account.update'> = async (tx, { accountId, ...changes }) => {
  await requireInUse(tx, accountId)
  const { sendingEnabled, receivingEnabled, hourlyLimit, forward } = changes
  if (sendingEnabled !== undefined)
    await tx.run(sql`
      UPDATE account SET sending_enabled = ${sendingEnabled ? 1 : 0} WHERE account_id = ${accountId}`)
  if (receivingEnabled !== undefined)
    await tx.run(sql`
      UPDATE account SET receiving_enabled = ${receivingEnabled ? 1 : 0} WHERE account_id = ${accountId}`)
  if (hourlyLimit !== undefined)
    await tx.run(sql`UPDATE account SET hourly_limit = ${hourlyLimit} WHERE account_id = ${accountId}`)
  if (forward !== undefined)
    await tx.run(sql`
      UPDATE account SET forward = ${forward && JSON.stringify(forward)} WHERE account_id = ${accountId}`)
}

const moveToBin: Operation<'account.toBin'> = async (tx, { accountId, at }) => {
  const [domain, quotaBytes] = await requireInUse(tx, accountId)
  await keepStaff(tx, accountId)
  await givePlaceBack(tx, domain, quotaBytes)
  await tx.run(sql`UPDATE account SET removed_at = ${at} WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM web_session WHERE principal_id = ${accountId}`)
  // A link that was sent to whoever is gone must not open the mailbox once it is restored.
  await tx.run(sql`
    UPDATE credential_link SET revoked_at = ${at}, secret_encrypted = ${null}
    WHERE principal_id = ${accountId} AND revoked_at IS NULL AND revealed_at IS NULL`)
  await tx.run(sql`DELETE FROM one_time_token WHERE principal_id = ${accountId} AND used_at IS NULL`)
  await forgetTraceLinks(tx, accountId)
}

const restoreFromBin: Operation<'account.fromBin'> = async (tx, { accountId }) => {
  const removed = await tx.get<[string, number | null]>(sql`
    SELECT domain, quota_bytes FROM account WHERE account_id = ${accountId} AND removed_at IS NOT NULL`)
  if (!removed) throw unknownAccount(accountId)
  await takePlace(tx, ...removed)
  await tx.run(sql`UPDATE account SET removed_at = ${null} WHERE account_id = ${accountId}`)
}

const setMember: Operation<'member.set'> = async (tx, { accountId, principalId, maySend, at }) => {
  const [, , kind] = await requireInUse(tx, accountId)
  if (kind !== 'shared') throw new StoreError('not-allowed', `account ${accountId} is not shared`)
  const [, , ofMember] = await requireInUse(tx, principalId)
  if (ofMember !== 'personal') throw new StoreError('not-allowed', 'a shared mailbox is no member of another')
  await tx.run(sql`
    INSERT INTO shared_member (account_id, principal_id, may_send, created_at)
    VALUES (${accountId}, ${principalId}, ${maySend ? 1 : 0}, ${at})
    ON CONFLICT (account_id, principal_id) DO UPDATE SET may_send = excluded.may_send`)
}

/** Their app passwords for the mailbox end with it. */
const removeMember: Operation<'member.remove'> = async (tx, { accountId, principalId }) => {
  const removed = await tx.run(sql`
    DELETE FROM shared_member WHERE account_id = ${accountId} AND principal_id = ${principalId}`)
  if (removed === 0) throw new StoreError('not-found', `${principalId} is no member of account ${accountId}`)
  await tx.run(sql`DELETE FROM app_password WHERE account_id = ${accountId} AND principal_id = ${principalId}`)
}

type InUse = [domain: string, quotaBytes: number | null, kind: string]

async function requireInUse(tx: Transaction, accountId: AccountId): Promise<InUse> {
  const account = await tx.get<InUse>(sql`
    SELECT domain, quota_bytes, kind FROM account WHERE account_id = ${accountId} AND removed_at IS NULL`)
  if (!account) throw unknownAccount(accountId)
  return account
}

export const directoryOperations: { readonly [K in keyof PanelDirectoryOperations]: Operation<K> } = {
  'domain.update': updateDomain,
  'domainAlias.add': addDomainAlias,
  'domainAlias.remove': removeDomainAlias,
  'account.update': updateAccount,
  'account.toBin': moveToBin,
  'account.fromBin': restoreFromBin,
  'member.set': setMember,
  'member.remove': removeMember,
}
