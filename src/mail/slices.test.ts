import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ADDRESS, type ImapWorld, imapConnection, imapWorld } from '../../test/transcripts/imap-world.ts'
import { MESSAGES_AT_ONCE, MESSAGES_OF_COPY } from '../store/limits.ts'
import { Flag, type Flags } from '../store/types.ts'
import type { MailboxRef } from './messages.ts'

let world: ImapWorld
let inbox: MailboxRef
let drafts: MailboxRef

beforeEach(async () => {
  world = await imapWorld()
  const { accountId } = world
  const place = async (name: string): Promise<MailboxRef> => ({
    accountId,
    mailboxId: (await world.mailboxes.get(accountId, name)).mailboxId,
  })
  ;[inbox, drafts] = [await place('INBOX'), await place('Drafts')]
})

afterEach(() => world.close())

const all = [{ from: 1, to: 0xffff_ffff }]
const deleted = { system: Flag.Deleted, keywords: [] }
const counted = async ({ accountId, mailboxId }: MailboxRef) => {
  const mailboxes = await world.mailboxes.list(accountId)
  return mailboxes.find(mailbox => mailbox.mailboxId === mailboxId)!.messages
}

/** Beginning with one message, copied. */
async function fill(count: number): Promise<void> {
  await world.deliver('INBOX', Buffer.from('Subject: one\r\n\r\n'))
  for (let have = 1; have < count; have *= 2) {
    const copied = Math.min(have, count - have)
    await world.messages.copy(inbox, [{ from: 1, to: copied }], copied, inbox.mailboxId)
  }
}

describe('operations on many messages', () => {
  const count = 2 * MESSAGES_AT_ONCE + 1

  it('do all of them, a part at a time, with others in between', async () => {
    await fill(count)
    await world.deliver('Drafts', Buffer.from('Subject: other\r\n\r\n'))
    const order: string[] = []
    const mark = async (place: MailboxRef, flags: Flags, name: string) =>
      world.messages
        .setFlags(place, { uids: all, mode: 'add', flags, unchangedSince: null })
        .finally(() => order.push(name))
    const change = mark(inbox, deleted, 'many')
    // Not a delivery: its bytes are written first, for as long as a busy disk takes.
    const other = mark(drafts, { system: Flag.Seen, keywords: [] }, 'other')
    const { changed, unmodified } = await change
    await other
    expect(order).toEqual(['other', 'many'])
    expect(changed.map(({ uid }) => uid)).toEqual(Array.from({ length: count }, (_, index) => index + 1))
    expect(unmodified).toEqual([])
    const moved = await world.messages.move(inbox, all, count, drafts.mailboxId)
    expect(moved.pairs).toEqual(Array.from({ length: count }, (_, index) => ({ from: index + 1, to: index + 2 })))
    expect(await counted(inbox)).toBe(0)
    const { uids } = await world.messages.expunge(drafts, all, true)
    expect(uids).toHaveLength(count)
    expect(await counted(drafts)).toBe(1)
  })

  it('are told to a client that asked for silence as little as one of them is', async () => {
    await fill(count)
    let said = ''
    const session = world.createSession(imapConnection(text => void (said += text)))
    await session.open()
    for (const command of [`a LOGIN ${ADDRESS} right`, 'b SELECT INBOX'])
      await session.receive(Buffer.from(`${command}\r\n`))
    said = ''
    await session.receive(Buffer.from('c STORE 1:* +FLAGS.SILENT (\\Deleted)\r\n'))
    expect(said).toBe('c OK STORE completed\r\n')
    said = ''
    await session.receive(Buffer.from('d NOOP\r\n'))
    expect(said).toBe('d OK NOOP completed\r\n')
    session.closed()
  })

  it('are refused where all of them would have to be copied at once', async () => {
    await fill(MESSAGES_OF_COPY + 1)
    const copied = world.messages.copy(inbox, all, MESSAGES_OF_COPY + 1, drafts.mailboxId)
    await expect(copied).rejects.toMatchObject({ code: 'too-many' })
    expect(await counted(drafts)).toBe(0)
  })
})
