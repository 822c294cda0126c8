import { packKeywords } from '../rows/keywords.ts'
import { hasBlob, recentUid } from '../rows/message.ts'
import type { Transaction } from '../transaction.ts'
import { type AccountId, type EmailId, Flag, type MailboxId, type NewMessage, type Uid } from '../types.ts'
import { restoreBlob, takeBlob } from './blob.ts'
import { insertEmail, insertMessage } from './email.ts'
import { emailIdOf } from './email-id.ts'
import { spellKeywords } from './keyword.ts'
import { countChange, currentModseq, exchangeRoom, overQuota, requireMailbox, takeRoom } from './mailbox-rows.ts'
import { removeFound, requireMessage } from './message-expunge.ts'
import type { Operation } from './operation.ts'
import { findThread, joinThread, threadOf } from './thread.ts'

export const appendMessages: Operation<'message.append'> = async (tx, args) => {
  const { accountId, mailboxId, onceAmong, except, replaces, at } = args
  const mailbox = await requireMailbox(tx, accountId, mailboxId)
  const { messages, restored } = args.lackingOnly ? await lackingOf(tx, args) : { ...args, restored: undefined }
  const uidValidity = mailbox.uidValidity
  const uids: Uid[] = []
  const emailIds: EmailId[] = []
  if (messages.length === 0)
    return {
      uidValidity,
      uids,
      emailIds,
      modseq: await currentModseq(tx, accountId),
      ...(restored !== undefined && { restored }),
    }

  const [first] = messages
  if (onceAmong !== undefined && first && messages.length === 1 && first.email.index.messageId !== '') {
    const { messageId } = first.email.index
    const filed = await recentUid(tx, { accountId, mailboxId, messageId, among: onceAmong, except })
    if (filed !== null) return { uidValidity, uids: [filed], emailIds, modseq: await currentModseq(tx, accountId) }
  }

  const bytes = messages.reduce((sum, message) => sum + message.email.sizeBytes, 0)
  const count = messages.length
  const replaced = replaces && (await requireMessage(tx, { accountId, ...replaces }))
  const room = replaced
    ? await exchangeRoom(tx, accountId, { bytes: bytes - replaced.sizeBytes, messages: count - 1, emails: count })
    : await takeRoom(tx, accountId, { bytes, messages: count, emails: count })
  if (!room) throw overQuota(accountId)
  const { modseq } = room
  let unseen = 0
  let deleted = 0
  for (const [index, { email, flags, internalDate }] of messages.entries()) {
    const emailId = emailIdOf(accountId, room.firstEmail + index)
    const uid = mailbox.uidNext + index
    const thread = await findThread(tx, accountId, email.index)
    const blobSeq = await takeBlob(tx, email.blob)
    const threadId = threadOf(thread, emailId)
    joinThread(tx, { accountId, threadId }, thread)
    insertEmail(tx, { accountId, emailId, threadId, blobSeq }, email)
    const keywords = packKeywords(await spellKeywords(tx, accountId, mailboxId, flags.keywords, 'leave-out'))
    insertMessage(tx, {
      accountId,
      mailboxId,
      uid,
      flags: flags.system,
      keywords,
      modseq,
      internalDate,
      saveDate: at,
      sizeBytes: email.sizeBytes,
      emailId,
      threadId,
    })
    if (!(flags.system & Flag.Seen)) unseen++
    if (flags.system & Flag.Deleted) deleted++
    uids.push(uid)
    emailIds.push(emailId)
  }
  const change = { messages: messages.length, unseen, deleted, sizeBytes: bytes }
  await countChange(tx, { accountId, mailboxId, modseq }, change)
  if (replaces && replaced) await removeFound(tx, { accountId, mailboxId: replaces.mailboxId, modseq }, replaced)
  return { uidValidity, uids, emailIds, modseq, ...(restored !== undefined && { restored }) }
}

async function lackingOf(
  tx: Transaction,
  { accountId, mailboxId, messages }: { accountId: AccountId; mailboxId: MailboxId; messages: NewMessage[] },
): Promise<{ messages: NewMessage[]; restored: number }> {
  const byHash = new Map<string, NewMessage>()
  for (const message of messages) if (!byHash.has(message.email.blob.hash)) byHash.set(message.email.blob.hash, message)
  // One whose bytes are damaged is there as well: who brings them again may be the last who has them.
  let restored = 0
  for (const { email } of byHash.values()) if (await restoreBlob(tx, email.blob)) restored++
  const isThere = await Promise.all([...byHash.keys()].map(blobHash => hasBlob(tx, { accountId, mailboxId, blobHash })))
  return { messages: [...byHash.values()].filter((_, index) => !isThere[index]), restored }
}
