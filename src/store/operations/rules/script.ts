import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Transaction } from '../../transaction.ts'
import type { AccountId } from '../../types.ts'
import { unknownAccount } from '../account.ts'
import { unknownDomain } from '../domain.ts'
import type { Operation } from '../operation.ts'
import { forgetFailure } from './script-failure.ts'

export const putScript: Operation<'script.put'> = async (tx, args) => {
  const { accountId, name, source, maxScripts, activate, replaces, at } = args
  await changedScript(tx, accountId)
  if (replaces !== undefined) await expectNext(tx, accountId, replaces)
  await tx.run(sql`
    INSERT INTO sieve_script (account_id, name, source, is_active, updated_at)
    VALUES (${accountId}, ${name}, ${source}, 0, ${at})
    ON CONFLICT (account_id, name) DO UPDATE SET source = excluded.source, updated_at = excluded.updated_at`)
  const scripts = await tx.get<[number]>(sql`SELECT COUNT(*) FROM sieve_script WHERE account_id = ${accountId}`)
  if ((scripts?.[0] ?? 0) > maxScripts)
    throw new StoreError('too-many', `account ${accountId} may have ${maxScripts} scripts`)
  if (activate) await setActive(tx, accountId, name)
}

export const activateScript: Operation<'script.activate'> = async (tx, { accountId, name }) => {
  await changedScript(tx, accountId)
  if (name !== null) await requireScript(tx, accountId, name)
  await setActive(tx, accountId, name)
}

export const renameScript: Operation<'script.rename'> = async (tx, { accountId, name, newName, at }) => {
  await changedRules(tx, accountId)
  await requireScript(tx, accountId, name)
  if ((await isActive(tx, accountId, newName)) !== null)
    throw new StoreError('already-exists', `there is a script ${newName} already`)
  await tx.run(sql`
    UPDATE sieve_script SET name = ${newName}, updated_at = ${at} WHERE account_id = ${accountId} AND name = ${name}`)
}

export const removeScript: Operation<'script.remove'> = async (tx, { accountId, name }) => {
  await changedScript(tx, accountId)
  if (await requireScript(tx, accountId, name)) throw new StoreError('not-allowed', `the script ${name} is active`)
  await tx.run(sql`DELETE FROM sieve_script WHERE account_id = ${accountId} AND name = ${name}`)
}

export const setCommonScript: Operation<'commonScript.set'> = async (tx, args) => {
  const { domain, source, isActive, at } = args
  if (domain !== '' && !(await tx.get(sql`SELECT 1 FROM domain WHERE name = ${domain}`))) throw unknownDomain(domain)
  const before = await expectReplaced(tx, args)
  // One that was removed and made again is not taken for the one that was seen: times are above all counts.
  const revision = before === null ? at : before + 1
  await forgetFailure(tx, { kind: 'domain', domain })
  await tx.run(sql`
    INSERT INTO common_script (domain, source, is_active, revision, updated_at)
    VALUES (${domain}, ${source}, ${Number(isActive)}, ${revision}, ${at})
    ON CONFLICT (domain) DO UPDATE SET source = excluded.source, is_active = excluded.is_active,
      revision = excluded.revision, updated_at = excluded.updated_at`)
}

export const removeCommonScript: Operation<'commonScript.remove'> = async (tx, args) => {
  await expectReplaced(tx, args)
  await forgetFailure(tx, { kind: 'domain', domain: args.domain })
  await tx.run(sql`DELETE FROM common_script WHERE domain = ${args.domain}`)
}

/** The revision that is there; null: none. */
async function expectReplaced(
  tx: Transaction,
  { domain, replaces }: { domain: string; replaces?: number | null },
): Promise<number | null> {
  const found = await tx.get<[number]>(sql`SELECT revision FROM common_script WHERE domain = ${domain}`)
  const revision = found?.[0] ?? null
  if (replaces !== undefined && replaces !== revision)
    throw new StoreError('conflict', `the script of ${domain || 'the service'} is another by now`)
  return revision
}

/** So that what was made of the account's rules is known to be stale. `not-found` where there is no such account. */
export async function changedRules(tx: Transaction, accountId: AccountId): Promise<void> {
  const changed = await tx.run(sql`
    UPDATE account SET rules_revision = rules_revision + 1 WHERE account_id = ${accountId}`)
  if (changed === 0) throw unknownAccount(accountId)
}

/** Behind the change that made the revision one more: whoever comes at the same time waits for that row. */
async function expectNext(tx: Transaction, accountId: AccountId, replaced: number): Promise<void> {
  const isNext = await tx.get(sql`
    SELECT 1 FROM account WHERE account_id = ${accountId} AND rules_revision = ${replaced + 1}`)
  if (!isNext) throw new StoreError('conflict', `the rules of account ${accountId} are others by now`)
}

/** Also where another one than the active is: it may include that. */
async function changedScript(tx: Transaction, accountId: AccountId): Promise<void> {
  await changedRules(tx, accountId)
  await forgetFailure(tx, { kind: 'mailbox', accountId })
}

/** Whether it is active; null where there is none of that name. */
async function isActive(tx: Transaction, accountId: AccountId, name: string): Promise<boolean | null> {
  const script = await tx.get<[number]>(sql`
    SELECT is_active FROM sieve_script WHERE account_id = ${accountId} AND name = ${name}`)
  return script ? script[0] === 1 : null
}

async function requireScript(tx: Transaction, accountId: AccountId, name: string): Promise<boolean> {
  const active = await isActive(tx, accountId, name)
  if (active === null) throw new StoreError('not-found', `account ${accountId} has no script ${name}`)
  return active
}

async function setActive(tx: Transaction, accountId: AccountId, name: string | null): Promise<void> {
  await tx.run(sql`
    UPDATE sieve_script SET is_active = CASE WHEN name = ${name} THEN 1 ELSE 0 END WHERE account_id = ${accountId}`)
}
