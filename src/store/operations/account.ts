import { domainOf } from '../../wire/mime/domain-of.ts'
import { sql } from '../sql.ts'
import { type Operations, StoreError } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import type { PrincipalId } from '../types/principals.ts'
import type { AccountId } from '../types.ts'
import { keepRows, stayReleased } from '../words.ts'
import { changeSold, givePlaceBack, takePlace } from './domain-room.ts'
import { firstEmailId, lastEmailId } from './email-id.ts'
import { insertMailbox } from './mailbox-rows.ts'
import type { Operation } from './operation.ts'
import { forgetPrincipal, insertPrincipal, keepStaff, newPrincipalId, refuseTaken } from './panels/principal.ts'
import { forgetSender } from './rules/sending-gone.ts'
import { noteSpace } from './rules/space.ts'
import { removeTexts } from './texts.ts'

export const addAccount: Operation<'account.add'> = async (tx, args) => {
  const { address, at } = args
  const domain = domainOf(address)
  await takePlace(tx, domain, args.quotaBytes)
  if (await tx.get(sql`SELECT 1 FROM alias WHERE address = ${address}`))
    throw new StoreError('already-exists', `${address} is an alias`)
  const accountId = args.principalId ? await holder(tx, args.principalId, args) : await newHolder(tx, args)
  // An address that comes back must not repeat a UIDVALIDITY: clients would take its new mail for the old.
  const used = await tx.get<[number]>(sql`SELECT value FROM counter WHERE name = 'uid_validity'`)
  await tx.run(sql`
    INSERT INTO account (account_id, address, domain, quota_bytes, used_bytes, messages, modseq,
      next_mailbox_id, next_email, last_uid_validity, created_at, kind, plan_id)
    VALUES (${accountId}, ${address}, ${domain}, ${args.quotaBytes}, 0, 0, 1, 1, 1, ${used?.[0] ?? 0}, ${at},
      ${args.kind ?? 'personal'}, ${args.planId ?? null})`)

  const mailboxes = new Map<string, (typeof args.mailboxes)[number]>([['INBOX', { name: 'INBOX', specialUse: null }]])
  for (const mailbox of args.mailboxes) mailboxes.set(mailbox.name, mailbox)
  for (const { name, specialUse } of mailboxes.values()) {
    await insertMailbox(tx, { accountId, name, specialUse, modseq: 1, at })
    await tx.run(sql`INSERT INTO subscription (account_id, name) VALUES (${accountId}, ${name})`)
  }
  return { accountId }
}

type NewAccount = Operations['account.add']['args']

async function newHolder(tx: Transaction, { address, name = '', passwordHash, at }: NewAccount): Promise<PrincipalId> {
  await refuseTaken(tx, address)
  const principalId = await newPrincipalId(tx)
  await insertPrincipal(tx, { principalId, address, role: 'owner', name, passwordHash, language: null, at })
  return principalId
}

/** Ids of principals and accounts are of one series: no account has this one. */
async function holder(tx: Transaction, principalId: PrincipalId, { address, name = '' }: NewAccount) {
  if (await tx.get(sql`SELECT 1 FROM account WHERE account_id = ${principalId}`))
    throw new StoreError('already-exists', `${address} has a mailbox`)
  const known = await tx.get(sql`
    SELECT 1 FROM principal WHERE principal_id = ${principalId} AND address = ${address}`)
  if (!known) throw new StoreError('not-found', `nobody signs in as ${address}`)
  if (name !== '') await tx.run(sql`UPDATE principal SET name = ${name} WHERE principal_id = ${principalId}`)
  return principalId
}

export const removeAccount: Operation<'account.remove'> = async (tx, { accountId, at }) => {
  const account = await tx.get<[string, number, number | null, number | null]>(sql`
    SELECT domain, last_uid_validity, quota_bytes, removed_at FROM account WHERE account_id = ${accountId}`)
  if (!account) throw unknownAccount(accountId)
  const [domain, lastUidValidity, quotaBytes, removedAt] = account
  await keepStaff(tx, accountId)
  const first = firstEmailId(accountId)
  const last = lastEmailId(accountId)
  await tx.run(sql`
    INSERT INTO blob_released (blob_seq, account_id)
    SELECT DISTINCT blob_seq, account_id FROM email
    WHERE account_id = ${accountId} AND email_id BETWEEN ${first} AND ${last}
    ${stayReleased}`)
  await tx.run(sql`DELETE FROM email WHERE account_id = ${accountId} AND email_id BETWEEN ${first} AND ${last}`)
  await removeTexts(tx, accountId)
  await tx.run(sql`DELETE FROM thread_reference WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM message WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM expunged WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM mailbox_keyword WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM subscription WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM mailbox WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM auto_reply WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM bounce_copy WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM shared_member WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM sieve_script WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM script_failure WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM rule_memory WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM sending_rules WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM space_news WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM pop3_retrieved WHERE account_id = ${accountId}`)
  await forgetSender(tx, accountId, at)
  await tx.run(sql`DELETE FROM account WHERE account_id = ${accountId}`)
  await forgetPrincipal(tx, accountId)
  if (removedAt === null) await givePlaceBack(tx, domain, quotaBytes)
  await tx.run(sql`
    UPDATE counter SET value = ${lastUidValidity} WHERE name = 'uid_validity' AND value < ${lastUidValidity}`)
}

export const setQuota: Operation<'account.setQuota'> = async (tx, { accountId, quotaBytes, planId }) => {
  const account = await tx.get<[string, number | null, number, number]>(sql`
    SELECT domain, quota_bytes, used_bytes, space_told FROM account
    WHERE account_id = ${accountId} AND removed_at IS NULL ${keepRows}`)
  if (!account) throw unknownAccount(accountId)
  await changeSold(tx, account[0], account[1], quotaBytes)
  await tx.run(sql`UPDATE account SET quota_bytes = ${quotaBytes} WHERE account_id = ${accountId}`)
  const [, , used, told] = account
  await noteSpace(tx, accountId, { usedBefore: used, used, quota: quotaBytes, told })
  if (planId !== undefined) await tx.run(sql`UPDATE account SET plan_id = ${planId} WHERE account_id = ${accountId}`)
}

export function unknownAccount(accountId: AccountId): StoreError {
  return new StoreError('not-found', `there is no account ${accountId}`)
}
