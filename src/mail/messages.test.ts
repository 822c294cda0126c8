import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openSqliteStore } from '../store/sqlite/open.ts'
import { type Store, StoreError } from '../store/store.ts'
import { LocalChanges } from './changes.ts'
import { TooMuchDescribed } from './describe.ts'
import { Messages, type ReceivedMessage } from './messages.ts'

const clock = { now: () => 1_800_000_000_000 }
let store: Store
let messages: Messages
let inbox: { accountId: number; mailboxId: number }

beforeEach(async () => {
  store = await openSqliteStore({ path: ':memory:', clock })
  await store.write('domain.add', { name: 'a', at: 0 })
  const account = { address: 'a@a', passwordHash: null, quotaBytes: null, mailboxes: [], at: 0 }
  const { accountId } = await store.write('account.add', account)
  inbox = { accountId, mailboxId: (await store.read('mailbox.byName', { accountId, name: 'INBOX' }))!.mailboxId }
  messages = new Messages(store, new LocalChanges(), clock)
})
afterEach(() => store.close())

/** 222 KB are kept of each beside its bytes. */
function ofManyParts(count: number): ReceivedMessage[] {
  const head = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'
  const bytes = Buffer.from(`${head}${'--b\r\n\r\nx\r\n'.repeat(3_000)}--b--\r\n`)
  return Array.from({ length: count }, () => ({ bytes, flags: { system: 0, keywords: [] }, internalDate: null }))
}

/** Of the event loop. */
function countTurns(): { count: number; stop: () => void } {
  let turn = setImmediate(next)
  const turns = { count: 0, stop: () => clearImmediate(turn) }
  function next(): void {
    turns.count++
    turn = setImmediate(next)
  }
  return turns
}

describe('messages of very many parts, appended at once', () => {
  it('leave others their turns before they go to the store', async () => {
    const turns = countTurns()
    let before = 0
    const write = store.write.bind(store)
    vi.spyOn(store, 'write').mockImplementation((...args) => {
      before = turns.count
      return write(...args)
    })
    const { uids } = await messages.append(inbox, ofManyParts(40))
    turns.stop()
    expect(uids).toHaveLength(40)
    expect(before).toBeGreaterThan(20)
  })

  it('are refused where more would be held of them than is allowed, and none is kept', async () => {
    await expect(messages.append(inbox, ofManyParts(200))).rejects.toThrow(TooMuchDescribed)
    expect(await messages.uids(inbox)).toHaveLength(0)
  })
})

describe('a message of headers full of addresses', () => {
  const list = Array.from({ length: 2_500 }, (_, at) => `Jo Doe ${at} <jo.doe${at}@example.org>`).join(',\r\n ')
  const header = ['From', 'Sender', 'Reply-To', 'To', 'Cc', 'Bcc'].map(name => `${name}: ${list}\r\n`).join('')

  it.each([
    ['its own', `${header}\r\nhello`],
    ['one inside', `Content-Type: message/rfc822\r\n\r\n${header}\r\nhello`],
  ])('leaves others their turns while it is described: %s', async (_, text) => {
    const turns = countTurns()
    let described = 0
    const stage = store.blobs.stage.bind(store.blobs)
    vi.spyOn(store.blobs, 'stage').mockImplementation(bytes => {
      described = turns.count
      return stage(bytes)
    })
    await messages.append(inbox, [{ bytes: Buffer.from(text), flags: { system: 0, keywords: [] }, internalDate: null }])
    turns.stop()
    expect(described).toBeGreaterThan(2)
  })
})

describe('a message that may be there already', () => {
  const message = (body: string): ReceivedMessage[] => [
    { bytes: Buffer.from(`Message-ID: <a@a>\r\n\r\n${body}`), flags: { system: 0, keywords: [] }, internalDate: null },
  ]
  const once = { among: 10, isSame: () => true }
  const unreadable = (code: 'damaged' | 'unavailable'): void => {
    vi.spyOn(store.blobs, 'readOnce').mockRejectedValueOnce(new StoreError(code, 'it can’t be read'))
  }

  it('is added beside one that is damaged', async () => {
    await messages.append(inbox, message('as it was sent'))
    unreadable('damaged')
    expect(await messages.append(inbox, message('as it is filed'), once)).toMatchObject({ uids: [2], isThere: false })
  })

  it('is not added, and not taken for there, where the other can’t be read at the moment', async () => {
    await messages.append(inbox, message('as it was sent'))
    unreadable('unavailable')
    const appending = messages.append(inbox, message('as it is filed'), once)
    await expect(appending).rejects.toMatchObject({ code: 'unavailable' })
    expect(await messages.append(inbox, message('as it is filed'), once)).toMatchObject({ uids: [1], isThere: true })
  })

  it('stands for the one that was to replace another, which goes', async () => {
    const drafts = await store.write('mailbox.create', { ...inbox, name: 'Drafts', specialUse: 'drafts', at: 1 })
    await messages.append(drafts, message('a draft'))
    await messages.append(inbox, message('as it was sent'))
    const [filed] = message('as it is filed')
    expect(await messages.replace(drafts, 1, inbox, filed!, once)).toMatchObject({ uids: [1], isThere: true })
    expect([...(await messages.uids(drafts)), ...(await messages.uids(inbox))]).toEqual([1])
    await expect(messages.replace(drafts, 1, inbox, filed!, once)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('does not stand for the one it is replaced by', async () => {
    await messages.append(inbox, message('as it was sent'))
    const [edited] = message('as it was edited')
    expect(await messages.replace(inbox, 1, inbox, edited!, once)).toMatchObject({ uids: [2], isThere: false })
    const [left, ...more] = await messages.withBlob(inbox, { from: 1, to: 99 })
    expect(more).toEqual([])
    expect(Buffer.from(await messages.bytes(left!.blobHash))).toEqual(edited!.bytes)
  })
})
