import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openSqliteStore } from '../store/sqlite/open.ts'
import { type Store, StoreError } from '../store/store.ts'
import { LocalChanges } from './changes.ts'
import { type Maildrop, Maildrops } from './maildrop.ts'
import { Messages } from './messages.ts'

const clock = { now: () => 1_800_000_000_000 }
let store: Store
let changes: LocalChanges
let maildrops: Maildrops
let inbox: { accountId: number; mailboxId: number }

beforeEach(async () => {
  store = await openSqliteStore({ path: ':memory:', clock })
  await store.write('domain.add', { name: 'a', at: 0 })
  const account = { address: 'a@a', passwordHash: null, quotaBytes: null, mailboxes: [], at: 0 }
  const { accountId } = await store.write('account.add', account)
  inbox = { accountId, mailboxId: (await store.read('mailbox.byName', { accountId, name: 'INBOX' }))!.mailboxId }
  changes = new LocalChanges()
  maildrops = new Maildrops({ store, changes, clock })
})
afterEach(() => store.close())

async function deliver(...texts: string[]): Promise<void> {
  const flags = { system: 0, keywords: [] }
  const messages = texts.map(text => ({ bytes: Buffer.from(text), flags, internalDate: null }))
  await new Messages(store, changes, clock).append(inbox, messages)
}
async function open(): Promise<Maildrop> {
  const maildrop = await maildrops.open(inbox.accountId)
  if (maildrop === 'in-use') throw new Error('in use')
  return maildrop
}
const uids = async (): Promise<number[]> => [
  ...(await store.read('message.uids', { ...inbox, after: 0, limit: 9_999 })),
]

describe('a maildrop', () => {
  it('has one owner at a time, and is free again after a failure', async () => {
    const first = await open()
    expect(await maildrops.open(inbox.accountId)).toBe('in-use')
    first.close()
    const second = await open()
    // Closing twice doesn't take it from the next owner.
    first.close()
    expect(await maildrops.open(inbox.accountId)).toBe('in-use')
    second.close()
    vi.spyOn(store, 'read').mockRejectedValueOnce(new StoreError('unavailable', 'busy'))
    await expect(maildrops.open(inbox.accountId)).rejects.toThrow('busy')
    await open()
  })

  it('holds more messages than one page of the store', async () => {
    await deliver(...Array.from({ length: 2_345 }, (_, i) => `S: ${i}\r\n\r\n`))
    const maildrop = await open()
    expect(maildrop.length).toBe(2_345)
    expect(Buffer.from((await maildrop.read(2_344))!.bytes).toString()).toBe('S: 2344\r\n\r\n')
    expect(new Set(Array.from({ length: 2_345 }, (_, i) => maildrop.uniqueIdOf(i))).size).toBe(2_345)
  })

  it('looks up blobs by the run, not one by one', async () => {
    await deliver(...Array.from({ length: 40 }, (_, i) => `S: ${i}\r\n\r\n`))
    const maildrop = await open()
    const read = vi.spyOn(store, 'read')
    for (let i = 0; i < 40; i++) expect(await maildrop.read(i)).not.toBeNull()
    expect(read.mock.calls.length).toBe(2)
  })

  it('removes what is marked in one step, tells of it, and takes nothing else', async () => {
    await deliver('1', '2', '3', '4', '5')
    const maildrop = await open()
    const heard: number[] = []
    changes.subscribe(inbox.accountId, ({ modseq }) => heard.push(modseq))
    for (const position of [4, 0, 1, 4]) maildrop.mark(position)
    expect(maildrop.summary).toEqual({ messages: 2, bytes: 2 })
    await deliver('6')
    heard.length = 0
    const write = vi.spyOn(store, 'write')
    expect(await maildrop.removeMarked()).toBe(3)
    expect(write).toHaveBeenCalledTimes(1)
    expect(heard).toHaveLength(1)
    expect(await uids()).toEqual([3, 4, 6])
  })

  it('writes nothing where nothing is marked', async () => {
    await deliver('1')
    const maildrop = await open()
    maildrop.mark(0)
    maildrop.unmarkAll()
    const write = vi.spyOn(store, 'write')
    expect(await maildrop.removeMarked()).toBe(0)
    expect(write).not.toHaveBeenCalled()
  })

  it('reads what was removed meanwhile as gone, also when its blob went after it was looked up', async () => {
    await deliver('1', '2')
    const maildrop = await open()
    expect(await maildrop.read(0)).not.toBeNull()
    vi.spyOn(store.blobs, 'readOnce').mockRejectedValueOnce(new StoreError('not-found', 'swept'))
    expect(await maildrop.read(1)).toBeNull()
    vi.spyOn(store.blobs, 'readOnce').mockRejectedValueOnce(new StoreError('damaged', 'checksum'))
    await expect(maildrop.read(1)).rejects.toThrow('checksum')
  })
})
