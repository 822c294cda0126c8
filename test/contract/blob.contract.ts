import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import type { GetStore } from './store.contract.ts'
import { all, newAccount, newEmail, newQueueMessage, noFlags } from './store-fixtures.ts'

const hour = 60 * 60 * 1000

export function blobContract(get: GetStore): void {
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)
  const place = async (): Promise<{ accountId: number; mailboxId: number }> => {
    const { accountId, inbox } = await newAccount(get().store)
    return { accountId, mailboxId: inbox }
  }
  const append = async (to: { accountId: number; mailboxId: number }, bytes: Uint8Array): Promise<string> => {
    const email = await newEmail(get().store, bytes)
    const messages = [{ email, flags: noFlags, internalDate: 1 }]
    await write('message.append', { ...to, messages, at: 1 })
    return email.blob.hash
  }
  const sweep = async (): Promise<string[]> => {
    const removed: string[] = []
    for (let more = true; more; ) {
      const result = await write('store.sweep', { before: 0, limit: 2 })
      removed.push(...result.removedBlobs)
      more = result.more
    }
    return removed
  }

  it.each([
    ['nothing', new Uint8Array(0)],
    ['one byte', Uint8Array.of(7)],
    ['text', Buffer.from('the same line again and again\r\n'.repeat(900))],
    ['noise that does not shrink', randomBytes(40_000)],
    ['a large text', Buffer.from('line of a large text\r\n'.repeat(400_000))],
    ['large noise', randomBytes(3_000_000)],
  ])('gives back the bytes of %s', async (_, bytes) => {
    const to = await place()
    const hash = await append(to, bytes)
    expect(Buffer.compare(await get().store.blobs.read(hash), bytes)).toBe(0)
    expect(Buffer.compare(await get().store.blobs.read(hash), bytes)).toBe(0)
  })

  it('compresses what shrinks, keeps the rest as it is, and large forms out of the row', async () => {
    const { blobs } = get().store
    const text = await blobs.stage(Buffer.from('a'.repeat(10_000)))
    expect(text).toMatchObject({ encoding: 'zstd', rawBytes: 10_000 })
    expect(text.storedBytes).toBe(text.data!.byteLength)
    expect(text.storedBytes).toBeLessThan(200)
    const noise = randomBytes(10_000)
    const kept = await blobs.stage(noise)
    expect(kept).toMatchObject({ encoding: 'identity', storedBytes: 10_000 })
    expect(Buffer.compare(kept.data!, noise)).toBe(0)
    expect(await blobs.stage(randomBytes(200_000))).toMatchObject({ data: null, storedBytes: 200_000 })
  })

  it('stages the same bytes twice, also at once, and keeps them once', async () => {
    const to = await place()
    const bytes = randomBytes(300_000)
    const staged = await Promise.all([get().store.blobs.stage(bytes), get().store.blobs.stage(bytes)])
    const { hash, encoding, rawBytes, storedBytes } = staged[0]
    expect(staged[1]).toMatchObject({ hash, encoding, rawBytes, storedBytes, data: null })
    const first = await append(to, bytes)
    expect(await append(to, bytes)).toBe(first)
    await write('message.expunge', { ...to, uids: [{ from: 1, to: 1 }], onlyDeleted: false, at: 1 })
    get().setTime(Date.now() + 3 * hour)
    expect(await sweep()).toEqual([])
    expect(await get().store.blobs.read(first)).toHaveLength(300_000)
  })

  it('does not know a blob that is not there, nor one that was staged and not taken', async () => {
    await expect(get().store.blobs.read('0'.repeat(64))).rejects.toMatchObject({ code: 'not-found' })
    const { hash } = await get().store.blobs.stage(Buffer.from('never taken'))
    await expect(get().store.blobs.read(hash)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('sweeps blobs once nothing names them: no message, no copy, no queue', async () => {
    const to = await place()
    const kept = await append(to, Buffer.from('kept'))
    const gone = [await append(to, Buffer.from('small')), await append(to, randomBytes(200_000))]
    const copied = await append(to, Buffer.from('copied'))
    const queue = await newQueueMessage(get().store, [{ address: 'c@far.test' }], 'queued too')
    const queued = await append(to, Buffer.from('queued too'))
    await write('message.accept', { deliveries: [], queue: [queue], at: 1 })
    await write('message.copy', { ...to, uids: [{ from: 4, to: 4 }], target: to.mailboxId, at: 1 })
    await write('message.expunge', { ...to, uids: [{ from: 2, to: 5 }], onlyDeleted: false, at: 1 })
    expect((await sweep()).sort()).toEqual([...gone].sort())
    for (const hash of [kept, copied, queued]) await get().store.blobs.read(hash)
    for (const hash of gone) await expect(get().store.blobs.read(hash)).rejects.toMatchObject({ code: 'not-found' })
    await write('account.remove', { accountId: to.accountId, at: 9 })
    expect((await sweep()).sort()).toEqual([kept, copied].sort())
  })

  it('takes a blob again after it was swept', async () => {
    const to = await place()
    const bytes = randomBytes(200_000)
    await append(to, bytes)
    await write('message.expunge', { ...to, uids: all, onlyDeleted: false, at: 1 })
    const staged = await newEmail(get().store, bytes)
    get().setTime(Date.now() + hour / 2)
    expect(await sweep()).toEqual([staged.blob.hash])
    const messages = [{ email: staged, flags: noFlags, internalDate: 1 }]
    await write('message.append', { ...to, messages, at: 1 })
    expect(Buffer.compare(await get().store.blobs.read(staged.blob.hash), bytes)).toBe(0)
  })

  it('gives up a large blob that nothing took for an hour, and says so to who comes too late', async () => {
    const to = await place()
    const started = Date.now()
    get().setTime(started)
    const early = await newEmail(get().store, randomBytes(200_000))
    get().setTime(started + 2 * hour)
    const fresh = await newEmail(get().store, randomBytes(200_001))
    await write('store.sweep', { before: 0, limit: 1000 })
    const take = (email: typeof early): Promise<unknown> =>
      write('message.append', { ...to, messages: [{ email, flags: noFlags, internalDate: 1 }], at: 1 })
    await expect(take(early)).rejects.toMatchObject({ code: 'unavailable' })
    await take(fresh)
    expect(await get().store.blobs.read(fresh.blob.hash)).toHaveLength(200_001)
  })
}
