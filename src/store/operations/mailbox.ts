import { MAILBOXES_OF_ACCOUNT, SUBSCRIPTIONS_OF_ACCOUNT } from '../limits.ts'
import { sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, MailboxId, Modseq, SpecialUse } from '../types.ts'
import { releaseEmails } from './email-release.ts'
import { insertMailbox, nextModseq, requireMailbox } from './mailbox-rows.ts'
import { transfer } from './message-copy.ts'
import type { Operation } from './operation.ts'

/** Emails looked at together when a mailbox goes, so that a large one is not held in memory whole. */
const emailsAtOnce = 5000

export const createMailbox: Operation<'mailbox.create'> = async (tx, { accountId, name, specialUse, at }) => {
  const modseq = await nextModseq(tx, accountId)
  // RFC 6154 §3: a use may be had by one mailbox here, so that clients agree on where sent mail goes.
  if (specialUse && (await hasUse(tx, accountId, specialUse)))
    throw new StoreError('not-allowed', 'Another mailbox has that special use')
  if (await findMailbox(tx, accountId, name)) throw alreadyExists(name)
  const mailboxId = await createMissing(tx, { accountId, name, specialUse, modseq, at })
  await checkNumber(tx, accountId)
  return requireMailbox(tx, accountId, mailboxId)
}

export async function hasUse(tx: Transaction, accountId: AccountId, use: SpecialUse): Promise<boolean> {
  const found = await tx.get(sql`SELECT 1 FROM mailbox WHERE account_id = ${accountId} AND special_use = ${use}`)
  return found !== undefined
}

/** Of mailboxes, once some were made. */
async function checkNumber(tx: Transaction, accountId: AccountId): Promise<void> {
  if ((await countMailboxes(tx, accountId)) > MAILBOXES_OF_ACCOUNT)
    throw new StoreError('too-many', `account ${accountId} may have ${MAILBOXES_OF_ACCOUNT} mailboxes`)
}

async function countMailboxes(tx: Transaction, accountId: AccountId): Promise<number> {
  const counted = await tx.get<[number]>(sql`SELECT COUNT(*) FROM mailbox WHERE account_id = ${accountId}`)
  return counted?.[0] ?? 0
}

/** Whether one that isn't there can be made, with what is missing above it. */
export async function hasPlaceFor(tx: Transaction, accountId: AccountId, name: string): Promise<boolean> {
  const missing = await missingSuperiors(tx, accountId, name)
  return (await countMailboxes(tx, accountId)) + missing.length < MAILBOXES_OF_ACCOUNT
}

/** One that isn't there, and what is missing above it. */
export async function createMissing(
  tx: Transaction,
  mailbox: { accountId: AccountId; name: string; specialUse: SpecialUse | null; modseq: Modseq; at: number },
): Promise<MailboxId> {
  await createSuperiors(tx, mailbox)
  return insertMailbox(tx, mailbox)
}

export const renameMailbox: Operation<'mailbox.rename'> = async (tx, { accountId, mailboxId, name, at }) => {
  const mailbox = await requireMailbox(tx, accountId, mailboxId)
  const modseq = await nextModseq(tx, accountId)
  if (await findMailbox(tx, accountId, name)) throw alreadyExists(name)
  if (mailbox.name === 'INBOX') {
    await createSuperiors(tx, { accountId, name, modseq, at })
    const target = await insertMailbox(tx, { accountId, name, specialUse: null, modseq, at })
    await checkNumber(tx, accountId)
    await transfer(tx, { accountId, mailboxId, uids: [{ from: 1, to: 0xffffffff }], target, modseq, at })
    return { modseq }
  }
  const prefix = `${mailbox.name}/`
  if (name.startsWith(prefix)) throw new StoreError('not-allowed', `${mailbox.name} can't become its own inferior`)
  const inferiors = await tx.all<[MailboxId, string]>(sql`
    SELECT mailbox_id, name FROM mailbox
    WHERE account_id = ${accountId} AND substr(name, 1, length(${prefix})) = ${prefix}`)
  const made = await createSuperiors(tx, { accountId, name, modseq, at })
  if (made > 0) await checkNumber(tx, accountId)
  await setName(tx, { accountId, mailboxId, name, modseq })
  for (const [inferiorId, inferior] of inferiors) {
    const moved = `${name}/${inferior.slice(prefix.length)}`
    if (await findMailbox(tx, accountId, moved)) throw alreadyExists(moved)
    await setName(tx, { accountId, mailboxId: inferiorId, name: moved, modseq })
  }
  return { modseq }
}

export const deleteMailbox: Operation<'mailbox.delete'> = async (tx, { accountId, mailboxId }) => {
  const mailbox = await requireMailbox(tx, accountId, mailboxId)
  if (mailbox.name === 'INBOX') throw new StoreError('not-allowed', "INBOX can't be deleted")
  const modseq = await nextModseq(tx, accountId)
  for (let after = 0; ; ) {
    const page = await tx.all<[number, number]>(sql`
      SELECT uid, email_id FROM message
      WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid > ${after} ORDER BY uid LIMIT ${emailsAtOnce}`)
    const last = page.at(-1)
    if (!last) break
    after = last[0]
    await tx.run(sql`
      DELETE FROM message WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid <= ${after}`)
    await releaseEmails(
      tx,
      accountId,
      page.map(([, emailId]) => emailId),
    )
  }
  await tx.run(sql`DELETE FROM expunged WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId}`)
  await tx.run(sql`DELETE FROM pop3_retrieved WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId}`)
  await tx.run(sql`DELETE FROM mailbox_keyword WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId}`)
  await tx.run(sql`DELETE FROM mailbox WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId}`)
  await tx.run(sql`
    UPDATE account SET used_bytes = used_bytes - ${mailbox.sizeBytes}, messages = messages - ${mailbox.messages}
    WHERE account_id = ${accountId}`)
  return { modseq }
}

export const setSubscription: Operation<'mailbox.subscribe'> = async (tx, { accountId, name, subscribed }) => {
  if (!(await tx.get(sql`SELECT 1 FROM account WHERE account_id = ${accountId}`)))
    throw new StoreError('not-found', `there is no account ${accountId}`)
  const done = subscribed ? await subscribe(tx, accountId, name) : await unsubscribe(tx, accountId, name)
  if (done === 'too-many')
    throw new StoreError('too-many', `account ${accountId} may have ${SUBSCRIPTIONS_OF_ACCOUNT} subscriptions`)
  const mailboxId = done === 'changed' ? await findMailbox(tx, accountId, name) : null
  if (mailboxId === null) return { modseq: null }
  // Who looks for mailboxes that changed finds it among them.
  const modseq = await nextModseq(tx, accountId)
  await tx.run(sql`
    UPDATE mailbox SET highest_modseq = ${modseq} WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId}`)
  return { modseq }
}

/** `too-many`: the account has as many others as it may. */
export async function subscribe(
  tx: Transaction,
  accountId: AccountId,
  name: string,
): Promise<'changed' | 'same' | 'too-many'> {
  const others = await tx.get<[number]>(sql`
    SELECT COUNT(*) FROM subscription WHERE account_id = ${accountId} AND name <> ${name}`)
  if ((others?.[0] ?? 0) >= SUBSCRIPTIONS_OF_ACCOUNT) return 'too-many'
  const added = await tx.get(sql`
    INSERT INTO subscription (account_id, name) VALUES (${accountId}, ${name}) ON CONFLICT (account_id, name) DO NOTHING
    RETURNING name`)
  return added ? 'changed' : 'same'
}

async function unsubscribe(tx: Transaction, accountId: AccountId, name: string): Promise<'changed' | 'same'> {
  const removed = await tx.get(sql`
    DELETE FROM subscription WHERE account_id = ${accountId} AND name = ${name} RETURNING name`)
  return removed ? 'changed' : 'same'
}

async function findMailbox(tx: Transaction, accountId: AccountId, name: string): Promise<MailboxId | null> {
  const found = await tx.get<[MailboxId]>(sql`
    SELECT mailbox_id FROM mailbox WHERE account_id = ${accountId} AND name = ${name}`)
  return found?.[0] ?? null
}

/** RFC 9051 §6.3.4: a name of several levels brings the missing ones above it. Tells how many. */
async function createSuperiors(
  tx: Transaction,
  { accountId, name, modseq, at }: { accountId: AccountId; name: string; modseq: Modseq; at: number },
): Promise<number> {
  const missing = await missingSuperiors(tx, accountId, name)
  for (const superior of missing) await insertMailbox(tx, { accountId, name: superior, specialUse: null, modseq, at })
  return missing.length
}

async function missingSuperiors(tx: Transaction, accountId: AccountId, name: string): Promise<string[]> {
  const missing: string[] = []
  for (let end = name.indexOf('/'); end > 0; end = name.indexOf('/', end + 1)) {
    const superior = name.slice(0, end)
    if ((await findMailbox(tx, accountId, superior)) === null) missing.push(superior)
  }
  return missing
}

async function setName(
  tx: Transaction,
  { accountId, mailboxId, name, modseq }: { accountId: AccountId; mailboxId: MailboxId; name: string; modseq: Modseq },
): Promise<void> {
  await tx.run(sql`
    UPDATE mailbox SET name = ${name}, highest_modseq = ${modseq}
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId}`)
}

function alreadyExists(name: string): StoreError {
  return new StoreError('already-exists', `the mailbox ${name} exists already`)
}
