import { list, sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import { Directory } from '../texts/segment.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, EmailId } from '../types.ts'
import { emailIdOf, firstEmailId, lastEmailId } from './email-id.ts'
import type { Operation } from './operation.ts'

export const putTexts: Operation<'text.put'> = async (tx, { accountId, replaced, segment: made }) => {
  for (const { segment, checksum } of replaced) {
    const gone = await tx.run(sql`DELETE FROM text_segment WHERE segment = ${segment} AND checksum = ${checksum}`)
    if (gone === 0) throw new StoreError('conflict', `the texts ${segment} were changed meanwhile`)
    await tx.run(sql`DELETE FROM text_outdated WHERE segment = ${segment}`)
  }
  if (!made) return
  const { segment, lastEmail, emails, checksum, directory, fields, headerWords, headers, bodyWords, bodies } = made
  const before = await segmentAt(tx, accountId, lastEmail)
  if (before && before.lastEmail >= segment)
    throw new StoreError('conflict', `texts of the emails from ${segment} are kept by now`)
  const numbers = new Directory(directory)
  const emailIds = Array.from({ length: numbers.count }, (_, index) => emailIdOf(accountId, numbers.number(index)))
  // Some may be gone since they were read.
  const found = await tx.get<[number]>(sql`
    SELECT COUNT(*) FROM email WHERE account_id = ${accountId} AND email_id IN ${list(emailIds)}`)
  const left = found?.[0] ?? 0
  if (left === 0) return
  await tx.run(sql`
    INSERT INTO text_segment (segment, account_id, last_email, emails, checksum, directory, fields,
      header_words, headers, body_words, bodies)
    VALUES (${segment}, ${accountId}, ${lastEmail}, ${emails}, ${checksum}, ${directory}, ${fields},
      ${headerWords}, ${headers}, ${bodyWords}, ${bodies})`)
  if (left < emailIds.length) await outdate(tx, segment)
}

/** What is kept of emails that are gone is marked, to be forgotten soon. */
export async function outdateTexts(tx: Transaction, accountId: AccountId, emailIds: readonly EmailId[]): Promise<void> {
  const last = await segmentAt(tx, accountId, lastEmailId(accountId))
  if (!last) return
  let done = 0
  for (const emailId of emailIds.toSorted((a, b) => a - b)) {
    if (emailId > last.lastEmail) return
    if (emailId <= done) continue
    const found = await segmentAt(tx, accountId, emailId)
    if (!found || found.lastEmail < emailId) continue
    await outdate(tx, found.segment)
    done = found.lastEmail
  }
}

export async function removeTexts(tx: Transaction, accountId: AccountId): Promise<void> {
  const [first, last] = [firstEmailId(accountId), lastEmailId(accountId)]
  await tx.run(sql`DELETE FROM text_segment WHERE segment BETWEEN ${first} AND ${last}`)
  await tx.run(sql`DELETE FROM text_outdated WHERE segment BETWEEN ${first} AND ${last}`)
}

async function outdate(tx: Transaction, segment: EmailId): Promise<void> {
  await tx.run(sql`INSERT INTO text_outdated (segment) VALUES (${segment}) ON CONFLICT (segment) DO NOTHING`)
}

/** The last segment that begins at the email or before. */
async function segmentAt(
  tx: Transaction,
  accountId: AccountId,
  emailId: EmailId,
): Promise<{ segment: EmailId; lastEmail: EmailId } | null> {
  const found = await tx.get<[EmailId, EmailId]>(sql`
    SELECT segment, last_email FROM text_segment
    WHERE segment BETWEEN ${firstEmailId(accountId)} AND ${emailId} ORDER BY segment DESC LIMIT 1`)
  return found ? { segment: found[0], lastEmail: found[1] } : null
}
