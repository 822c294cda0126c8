import { expect, it } from 'vitest'
import { rangesBehind } from '../../src/mail/slices.ts'
import { MESSAGES_AT_ONCE } from '../../src/store/limits.ts'
import { Flag, type Flags, type UidRange } from '../../src/store/types.ts'
import type { GetStore } from './store.contract.ts'
import { all, append, emailIndex, mailboxAt, newAccount, newEmail, noFlags } from './store-fixtures.ts'

export function messageContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)
  const uidsOf = async (place: { accountId: number; mailboxId: number }): Promise<number[]> => [
    ...(await read('message.uids', { ...place, after: 0, limit: 10_000 })),
  ]
  const account = async (
    quota: number | null = null,
  ): Promise<{ accountId: number; mailboxId: number; other: number }> => {
    const { accountId, inbox } = await newAccount(get().store, 'ann@one.test', quota)
    const other = await write('mailbox.create', { accountId, name: 'Other', specialUse: null, at: 2_000_000 })
    return { accountId, mailboxId: inbox, other: other.mailboxId }
  }

  it('appends several at once, under one modseq, and gives them back with all their parts', async () => {
    const place = await account()
    const { accountId, mailboxId } = place
    const index = emailIndex({
      sentAt: 123,
      messageId: 'm@x',
      references: ['r 1', 'r"2'],
      isReplyOrForward: true,
      cc: 'ç',
    })
    const email = await newEmail(get().store, 'some text', index)
    const result = await write('message.append', {
      accountId,
      mailboxId,
      messages: [
        { email, flags: { system: Flag.Seen | Flag.Draft, keywords: ['b', '$A'] }, internalDate: 1000 },
        { email: await newEmail(get().store, 'other'), flags: noFlags, internalDate: 2000 },
      ],
      at: 3000,
    })
    const mailbox = await mailboxAt(get().store, { accountId, mailboxId })
    expect(result).toMatchObject({ uidValidity: mailbox!.uidValidity, uids: [1, 2], modseq: mailbox!.highestModseq })
    expect(mailbox).toMatchObject({ messages: 2, unseen: 1, deleted: 0, sizeBytes: 14, uidNext: 3 })
    expect(await read('account.byId', { accountId })).toMatchObject({
      messages: 2,
      usedBytes: 14,
      modseq: result.modseq,
    })
    const row = {
      uid: 1,
      emailId: result.emailIds[0],
      threadId: result.emailIds[0],
      flags: { system: Flag.Seen | Flag.Draft, keywords: ['$A', 'b'] },
      modseq: result.modseq,
      internalDate: 1000,
      saveDate: 3000,
      sizeBytes: 9,
    }
    const first = { accountId, mailboxId, from: 1, to: 1, limit: 9 }
    expect(await read('message.rows', first)).toEqual([row])
    const { envelope, bodyStructure, preview, headerFields } = email
    expect(await read('message.withEmail', first)).toEqual([
      { ...row, envelope, bodyStructure, preview, headerFields, blobHash: email.blob.hash },
    ])
    expect(await read('message.described', first)).toEqual([{ ...row, envelope, bodyStructure }])
    expect(await read('message.withBlob', first)).toEqual([{ ...row, blobHash: email.blob.hash }])
    expect(await read('message.withHeader', first)).toEqual([{ ...row, headerFields, blobHash: email.blob.hash }])
    expect(await read('message.withIndex', first)).toEqual([{ ...row, index, blobHash: email.blob.hash }])
    expect(Buffer.from(await get().store.blobs.read(email.blob.hash)).toString()).toBe('some text')
  })

  it('appends all or none where there is no room or no mailbox', async () => {
    const { accountId, mailboxId } = await account(10)
    const email = await newEmail(get().store, '123456')
    const message = { email, flags: noFlags, internalDate: 1 }
    const append = (messages: (typeof message)[], to = mailboxId): Promise<{ uids: number[] }> =>
      write('message.append', { accountId, mailboxId: to, messages, at: 1 })
    await expect(append([message, message])).rejects.toMatchObject({ code: 'over-quota' })
    await expect(append([message], 99)).rejects.toMatchObject({ code: 'not-found' })
    expect(await mailboxAt(get().store, { accountId, mailboxId })).toMatchObject({ messages: 0, uidNext: 1 })
    expect(await append([message])).toMatchObject({ uids: [1] })
    expect(await append([])).toMatchObject({ uids: [] })
    await expect(append([message])).rejects.toMatchObject({ code: 'over-quota' })
    await write('account.setQuota', { accountId, quotaBytes: 12 })
    expect(await append([message])).toMatchObject({ uids: [2] })
  })

  it('puts a message in the place of another in one step, which takes the room of what it is larger by', async () => {
    const { accountId, mailboxId, other } = await account(10)
    const content = async (text: string, flags: Flags = noFlags) => ({
      email: await newEmail(get().store, text),
      flags,
      internalDate: 1,
    })
    const add = async (text: string, uid: number, from = mailboxId, to = mailboxId) =>
      write('message.append', {
        accountId,
        mailboxId: to,
        messages: [await content(text, { system: Flag.Seen, keywords: [] })],
        replaces: { mailboxId: from, uid },
        at: 1,
      })
    const state = async (id: number) => {
      const place = { accountId, mailboxId: id }
      const [row, rows] = [
        await mailboxAt(get().store, place),
        await read('message.withBlob', { ...place, from: 1, to: 99, limit: 9 }),
      ]
      const texts = await Promise.all(
        rows.map(async each => Buffer.from(await get().store.blobs.read(each.blobHash)).toString()),
      )
      return {
        uids: rows.map(({ uid }) => uid),
        texts,
        unseen: row!.unseen,
        deleted: row!.deleted,
        bytes: row!.sizeBytes,
      }
    }
    const used = async () => {
      const found = await read('account.byId', { accountId })
      return [found!.usedBytes, found!.messages, found!.modseq]
    }
    const messages = [await content('12345'), await content('54321', { system: Flag.Deleted, keywords: [] })]
    await write('message.append', { accountId, mailboxId, messages, at: 1 })
    const { modseq: since } = (await read('account.byId', { accountId }))!
    // Full to the last byte.
    const { uids, modseq } = await add('abcde', 2)
    expect(uids).toEqual([3])
    expect(await state(mailboxId)).toEqual({
      uids: [1, 3],
      texts: ['12345', 'abcde'],
      unseen: 1,
      deleted: 0,
      bytes: 10,
    })
    expect(await used()).toEqual([10, 2, modseq])
    expect(await read('message.expungedSince', { accountId, mailboxId, since })).toEqual([{ from: 2, to: 2 }])
    expect((await read('message.changedSince', { accountId, mailboxId, since, after: 0, limit: 9 }))[0]!.modseq).toBe(
      modseq,
    )
    // Neither comes nor goes.
    await expect(add('abcdef', 3)).rejects.toMatchObject({ code: 'over-quota' })
    await expect(add('a', 2)).rejects.toMatchObject({ code: 'conflict' })
    await expect(add('a', 3, 99)).rejects.toMatchObject({ code: 'not-found' })
    await expect(add('a', 3, mailboxId, 99)).rejects.toMatchObject({ code: 'not-found' })
    expect(await used()).toEqual([10, 2, modseq])
    // There may be more than the quota by now.
    await write('account.setQuota', { accountId, quotaBytes: 4 })
    expect((await add('fghi', 3)).uids).toEqual([4])
    await expect(add('jklmn', 4)).rejects.toMatchObject({ code: 'over-quota' })
    await write('account.setQuota', { accountId, quotaBytes: 11 })
    expect((await add('opqrst', 4, mailboxId, other)).uids).toEqual([1])
    expect(await state(mailboxId)).toEqual({ uids: [1], texts: ['12345'], unseen: 1, deleted: 0, bytes: 5 })
    expect(await state(other)).toEqual({ uids: [1], texts: ['opqrst'], unseen: 0, deleted: 0, bytes: 6 })
    // By a message of the same bytes.
    expect((await add('12345', 1)).uids).toEqual([5])
    await write('store.sweep', { before: Number.MAX_SAFE_INTEGER, limit: 100 })
    expect((await state(mailboxId)).texts).toEqual(['12345'])
    expect((await used()).slice(0, 2)).toEqual([11, 2])
  })

  it('appends what the mailbox lacks, byte for byte, and each once', async () => {
    const { accountId, mailboxId, other } = await account(10)
    const stranger = await newAccount(get().store, 'eve@one.test')
    const message = async (content: string) => ({
      email: await newEmail(get().store, content),
      flags: noFlags,
      internalDate: 1,
    })
    const [one, two, three] = [await message('one'), await message('two'), await message('three')]
    const add = (messages: (typeof one)[], to = mailboxId): Promise<{ uids: number[]; emailIds: number[] }> =>
      write('message.append', { accountId, mailboxId: to, messages, lackingOnly: true, at: 1 })
    const theirs = { accountId: stranger.accountId, mailboxId: stranger.inbox }
    await write('message.append', { ...theirs, messages: [one], at: 1 })
    expect((await add([one, two, one])).uids).toEqual([1, 2])
    const first = await read('message.withBlob', { accountId, mailboxId, from: 1, to: 1, limit: 1 })
    expect(first[0]?.blobHash).toBe(one.email.blob.hash)
    expect(await mailboxAt(get().store, { accountId, mailboxId })).toMatchObject({
      messages: 2,
      sizeBytes: 6,
      uidNext: 3,
    })
    // What is there already needs no room.
    expect(await add([two, one])).toMatchObject({ uids: [], emailIds: [] })
    await expect(add([one, three])).rejects.toMatchObject({ code: 'over-quota' })
    expect((await add([one], other)).uids).toEqual([1])
    await write('message.move', { accountId, mailboxId, uids: [{ from: 1, to: 1 }], target: other, at: 1 })
    expect((await add([two])).uids).toEqual([])
    await write('message.expunge', { accountId, mailboxId: other, uids: all, onlyDeleted: false, at: 1 })
    expect((await add([one, two])).uids).toEqual([3])
  })

  it('pages UIDs, rows and changes', async () => {
    const { accountId, mailboxId } = await account()
    await append(get().store, { accountId, mailboxId }, Array(7).fill(noFlags))
    const place = { accountId, mailboxId }
    expect([...(await read('message.uids', { ...place, after: 2, limit: 3 }))]).toEqual([3, 4, 5])
    expect(await read('message.uids', { ...place, after: 7, limit: 3 })).toBeInstanceOf(Uint32Array)
    const rows = await read('message.rows', { ...place, from: 3, to: 0xffffffff, limit: 2 })
    expect(rows.map(({ uid }) => uid)).toEqual([3, 4])
    const changed = await read('message.changedSince', { ...place, since: 1, after: 4, limit: 2 })
    expect(changed.map(({ uid }) => uid)).toEqual([5, 6])
  })

  it('finds what changed since a modseq, whether little or much did', async () => {
    const { accountId, mailboxId } = await account()
    const place = { accountId, mailboxId }
    const { modseq } = await append(get().store, place, Array(1500).fill(noFlags))
    const changedSince = async (since: number): Promise<number[]> =>
      (await read('message.changedSince', { ...place, since, after: 0, limit: 5000 })).map(({ uid }) => uid)
    expect(await changedSince(modseq)).toEqual([])
    expect(await changedSince(modseq - 1)).toHaveLength(1500)
    const uids = [1400, 3, 77].map(uid => ({ from: uid, to: uid }))
    await write('message.flags', {
      ...place,
      uids,
      mode: 'add',
      flags: { system: Flag.Seen, keywords: [] },
      unchangedSince: null,
    })
    expect(await changedSince(modseq)).toEqual([3, 77, 1400])
    expect(await changedSince(modseq - 1)).toHaveLength(1500)
  })

  it('copies flags and internal dates to new UIDs, with a new save date and the same email', async () => {
    const { accountId, mailboxId, other } = await account()
    const place = { accountId, mailboxId }
    await append(get().store, { accountId, mailboxId: other }, [noFlags])
    const { emailIds } = await append(get().store, place, [
      { system: Flag.Deleted, keywords: ['k'] },
      noFlags,
      { system: Flag.Seen, keywords: [] },
    ])
    const uids = [
      { from: 3, to: 0xffffffff },
      { from: 1, to: 1 },
      { from: 1, to: 1 },
    ]
    const copied = await write('message.copy', { ...place, uids, target: other, at: 20_000 })
    expect(copied.pairs).toEqual([
      { from: 1, to: 2 },
      { from: 3, to: 3 },
    ])
    const target = await mailboxAt(get().store, { accountId, mailboxId: other })
    expect(target).toMatchObject({ messages: 3, unseen: 2, deleted: 1, uidNext: 4, highestModseq: copied.modseq })
    expect(copied.uidValidity).toBe(target!.uidValidity)
    const rows = await read('message.rows', { accountId, mailboxId: other, from: 2, to: 9, limit: 9 })
    expect(rows).toMatchObject([
      { uid: 2, emailId: emailIds[0], flags: { system: Flag.Deleted, keywords: ['k'] }, internalDate: 5000 },
      { uid: 3, emailId: emailIds[2], flags: { system: Flag.Seen, keywords: [] }, saveDate: 20_000 },
    ])
    expect(rows.every(({ modseq }) => modseq === copied.modseq)).toBe(true)
    expect(await uidsOf(place)).toEqual([1, 2, 3])
    expect(await read('account.byId', { accountId })).toMatchObject({ messages: 6 })
  })

  it('copies into the same mailbox once, not its own copies', async () => {
    const { accountId, mailboxId } = await account()
    const place = { accountId, mailboxId }
    await append(get().store, place, [noFlags, noFlags])
    const { pairs } = await write('message.copy', { ...place, uids: all, target: mailboxId, at: 1 })
    expect(pairs).toEqual([
      { from: 1, to: 3 },
      { from: 2, to: 4 },
    ])
    const moved = await write('message.move', { ...place, uids: all, target: mailboxId, at: 1 })
    expect(moved.pairs.map(({ to }) => to)).toEqual([5, 6, 7, 8])
    expect(await uidsOf(place)).toEqual([5, 6, 7, 8])
    expect(await mailboxAt(get().store, place)).toMatchObject({ messages: 4, unseen: 4, uidNext: 9 })
  })

  it('copies all or none where there is no room; a move needs none', async () => {
    const { accountId, mailboxId, other } = await account(70)
    const place = { accountId, mailboxId }
    await append(get().store, place, [noFlags, noFlags])
    const copy = write('message.copy', { ...place, uids: all, target: other, at: 1 })
    await expect(copy).rejects.toMatchObject({ code: 'over-quota' })
    expect(await uidsOf({ accountId, mailboxId: other })).toEqual([])
    const { pairs, modseq } = await write('message.move', { ...place, uids: all, target: other, at: 1 })
    expect(pairs).toHaveLength(2)
    expect(await uidsOf(place)).toEqual([])
    expect(await read('message.expungedSince', { ...place, since: modseq - 1 })).toEqual([{ from: 1, to: 2 }])
    expect(await mailboxAt(get().store, place)).toMatchObject({ messages: 0, highestModseq: modseq })
    expect(await read('account.byId', { accountId })).toMatchObject({ messages: 2, usedBytes: 64, modseq })
  })

  it('copies and moves nothing where fewer are there than are expected', async () => {
    const { accountId, mailboxId, other } = await account()
    const place = { accountId, mailboxId }
    await append(get().store, place, [noFlags, noFlags, noFlags])
    await write('message.expunge', { ...place, uids: [{ from: 2, to: 2 }], onlyDeleted: false, at: 1 })
    const before = await read('account.byId', { accountId })
    for (const [uids, expected] of [
      [all, 3],
      [[{ from: 2, to: 2 }], 1],
    ] as const) {
      const args = { ...place, uids: [...uids], target: other, expected, at: 1 }
      await expect(write('message.copy', args)).rejects.toMatchObject({ code: 'conflict' })
      await expect(write('message.move', args)).rejects.toMatchObject({ code: 'conflict' })
    }
    expect(await uidsOf(place)).toEqual([1, 3])
    expect(await uidsOf({ accountId, mailboxId: other })).toEqual([])
    expect(await read('account.byId', { accountId })).toEqual(before)
    const args = { ...place, uids: all, target: other, expected: 2, at: 1 }
    expect((await write('message.copy', args)).pairs).toHaveLength(2)
    expect((await write('message.move', args)).pairs).toHaveLength(2)
  })

  it('changes, moves and removes so many at a time, and says where to go on', async () => {
    const { accountId, mailboxId, other } = await account()
    const place = { accountId, mailboxId }
    await append(get().store, place, [noFlags])
    const total = MESSAGES_AT_ONCE + 96
    for (let count = 1; count < total; count *= 2)
      await write('message.copy', { ...place, uids: [{ from: 1, to: total - count }], target: mailboxId, at: 1 })
    const flags = { mode: 'add' as const, flags: { system: Flag.Deleted, keywords: [] }, unchangedSince: null }
    const first = await write('message.flags', { ...place, ...flags, uids: all })
    expect(first.changed).toHaveLength(MESSAGES_AT_ONCE)
    expect(first.upTo).toBe(MESSAGES_AT_ONCE)
    const second = await write('message.flags', { ...place, ...flags, uids: rangesBehind(all, first.upTo!) })
    expect([second.changed.length, second.upTo]).toEqual([total - MESSAGES_AT_ONCE, null])
    expect(await mailboxAt(get().store, place)).toMatchObject({ messages: total, deleted: total })
    const move = { ...place, target: other, at: 1 }
    const moved = await write('message.move', { ...move, uids: all, expected: total })
    expect([moved.pairs.length, moved.pairs.at(-1), moved.upTo]).toEqual([
      MESSAGES_AT_ONCE,
      { from: MESSAGES_AT_ONCE, to: MESSAGES_AT_ONCE },
      MESSAGES_AT_ONCE,
    ])
    const rest = await write('message.move', { ...move, uids: rangesBehind(all, moved.upTo!) })
    expect([rest.pairs.length, rest.upTo]).toEqual([total - MESSAGES_AT_ONCE, null])
    const there = { accountId, mailboxId: other }
    const gone = await write('message.expunge', { ...there, uids: all, onlyDeleted: true, at: 1 })
    expect([gone.uids.length, gone.upTo]).toEqual([MESSAGES_AT_ONCE, MESSAGES_AT_ONCE])
    expect(await mailboxAt(get().store, there)).toMatchObject({ messages: total - MESSAGES_AT_ONCE })
    const last = await write('message.expunge', {
      ...there,
      uids: rangesBehind(all, gone.upTo!),
      onlyDeleted: true,
      at: 1,
    })
    expect([last.uids.length, last.upTo]).toEqual([total - MESSAGES_AT_ONCE, null])
    expect(await read('account.byId', { accountId })).toMatchObject({ messages: 0, usedBytes: 0 })
  })

  it('answers a copy, move or expunge of nothing without a change', async () => {
    const { accountId, mailboxId, other } = await account()
    const before = await read('account.byId', { accountId })
    const { modseq } = before!
    const nothing = { accountId, mailboxId, uids: all }
    expect(await write('message.copy', { ...nothing, target: other, at: 1 })).toMatchObject({ pairs: [], modseq })
    expect(await write('message.move', { ...nothing, target: other, at: 1 })).toMatchObject({ pairs: [], modseq })
    expect(await write('message.expunge', { ...nothing, onlyDeleted: false, at: 1 })).toMatchObject({
      uids: [],
      modseq,
    })
    expect(await read('account.byId', { accountId })).toEqual(before)
  })

  it('says not-found for a mailbox that is gone, on every operation', async () => {
    const { accountId, mailboxId } = await account()
    const gone = { accountId, mailboxId: 99, uids: all, at: 1 }
    for (const attempt of [
      write('message.copy', { ...gone, target: mailboxId }),
      write('message.copy', { ...gone, mailboxId, target: 99 }),
      write('message.move', { ...gone, target: mailboxId }),
      write('message.move', { ...gone, mailboxId, target: 99 }),
      write('message.expunge', { ...gone, onlyDeleted: true }),
      write('message.flags', { ...gone, mode: 'add', flags: noFlags, unchangedSince: null }),
    ])
      await expect(attempt).rejects.toMatchObject({ code: 'not-found' })
  })

  it('expunges ranges, or those of them marked deleted, and never gives a UID again', async () => {
    const { accountId, mailboxId } = await account()
    const place = { accountId, mailboxId }
    const deleted = { system: Flag.Deleted | Flag.Seen, keywords: [] }
    await append(get().store, place, [deleted, noFlags, deleted, noFlags, deleted])
    const first = await write('message.expunge', { ...place, uids: [{ from: 1, to: 4 }], onlyDeleted: true, at: 1 })
    expect(first.uids).toEqual([1, 3])
    expect(await mailboxAt(get().store, place)).toMatchObject({
      messages: 3,
      unseen: 2,
      deleted: 1,
      uidNext: 6,
      highestModseq: first.modseq,
    })
    const second = await write('message.expunge', { ...place, uids: all, onlyDeleted: false, at: 1 })
    expect(second.uids).toEqual([2, 4, 5])
    expect(await mailboxAt(get().store, place)).toMatchObject({ messages: 0, unseen: 0, deleted: 0, sizeBytes: 0 })
    expect(await read('account.byId', { accountId })).toMatchObject({ messages: 0, usedBytes: 0 })
    const expunged = (since: number): Promise<unknown> => read('message.expungedSince', { ...place, since })
    expect(await expunged(0)).toEqual([{ from: 1, to: 5 }])
    expect(await expunged(first.modseq)).toEqual([
      { from: 2, to: 2 },
      { from: 4, to: 5 },
    ])
    expect(await expunged(second.modseq)).toEqual([])
    expect((await append(get().store, place, [noFlags])).uids).toEqual([6])
  })

  it('tells the older of many expunges as one, the newer each by itself, and forgets none', async () => {
    const { accountId, mailboxId } = await account()
    const place = { accountId, mailboxId }
    const count = 600
    await append(get().store, place, Array<typeof noFlags>(count).fill(noFlags))
    const modseqs: number[] = []
    // All but each tenth, one by one.
    for (let uid = 1; uid <= count; uid++) {
      if (uid % 10 === 0) continue
      const uids = [{ from: uid, to: uid }]
      modseqs.push((await write('message.expunge', { ...place, uids, onlyDeleted: false, at: 1 })).modseq)
    }
    const gone = Array.from({ length: count / 10 }, (_, tens) => ({ from: tens * 10 + 1, to: tens * 10 + 9 }))
    const expunged = (since: number): Promise<UidRange[]> => read('message.expungedSince', { ...place, since })
    const newest = await Promise.all([-257, -100].map(at => expunged(modseqs.at(at)!)))
    expect(await expunged(0)).toEqual(gone)
    expect((await expunged(modseqs[0]!))[0]).toEqual({ from: 2, to: 9 })
    await write('store.sweep', { before: 0, limit: 100 })
    expect(await expunged(0)).toEqual(gone)
    // Whoever knew of one alone is told of it again with those that it was folded with.
    expect(await expunged(modseqs[0]!)).toEqual(gone)
    expect(await expunged(modseqs.at(-258)!)).toEqual(gone)
    expect(await Promise.all([-257, -100].map(at => expunged(modseqs.at(at)!)))).toEqual(newest)
    expect(await expunged(modseqs.at(-1)!)).toEqual([])
    await write('store.sweep', { before: 0, limit: 100 })
    expect(await expunged(0)).toEqual(gone)
  })

  it('joins an answer to its thread, also where the answer came first', async () => {
    const { accountId, mailboxId } = await account()
    const arrive = async (messageId: string, references: string[]): Promise<[number, number]> => {
      const email = await newEmail(get().store, undefined, { messageId, references })
      const messages = [{ email, flags: noFlags, internalDate: 1 }]
      const { uids } = await write('message.append', { accountId, mailboxId, messages, at: 1 })
      const [row] = await read('message.rows', { accountId, mailboxId, from: uids[0]!, to: uids[0]!, limit: 1 })
      return [row!.threadId, row!.emailId]
    }
    const [answer, first] = await arrive('b', ['root', 'a'])
    expect(answer).toBe(first)
    expect((await arrive('a', ['root']))[0]).toBe(answer)
    expect((await arrive('root', []))[0]).toBe(answer)
    expect((await arrive('c', ['unknown', 'b']))[0]).toBe(answer)
    const [lone, own] = await arrive('', [])
    expect(lone).toBe(own)
    expect((await arrive('z', ['y']))[0]).not.toBe(answer)
    // A thread that is gone whole is forgotten by the sweep.
    await write('message.expunge', { accountId, mailboxId, uids: all, onlyDeleted: false, at: 1 })
    const [late] = await arrive('d', ['root'])
    expect(late).toBe(answer)
    await write('message.expunge', { accountId, mailboxId, uids: all, onlyDeleted: false, at: 1 })
    await write('store.sweep', { before: 0, limit: 100 })
    expect((await arrive('e', ['root']))[0]).not.toBe(answer)
  })

  it('forgets the threads of a large archive that is gone, so many at a time', async () => {
    const { accountId, mailboxId } = await account()
    const email = await newEmail(get().store)
    const archive = Array.from({ length: 170 }, (_, at) => {
      const references = Array.from({ length: 31 }, (_, nth) => `reference ${at} ${nth}`)
      const index = { ...email.index, messageId: `message ${at}`, references }
      return { email: { ...email, index }, flags: noFlags, internalDate: 1 }
    })
    const threads = async (): Promise<Set<number>> => {
      const { uids } = await write('message.append', { accountId, mailboxId, messages: archive, at: 1 })
      const rows = await read('message.rows', { accountId, mailboxId, from: uids[0]!, to: uids.at(-1)!, limit: 200 })
      return new Set(rows.map(({ threadId }) => threadId))
    }
    const before = await threads()
    await write('message.expunge', { accountId, mailboxId, uids: all, onlyDeleted: false, at: 1 })
    expect(await write('store.sweep', { before: 0, limit: 100 })).toMatchObject({ more: true })
    expect(await write('store.sweep', { before: 0, limit: 100 })).toMatchObject({ more: false })
    expect((await threads()).isDisjointFrom(before)).toBe(true)
  })

  it('comes to all accounts in one round, and to none twice', async () => {
    await account()
    const others = Array.from({ length: 130 }, (_, at) => {
      const address = `u${at}@one.test`
      return write('account.add', { address, passwordHash: null, quotaBytes: null, mailboxes: [], at: 1 })
    })
    const { accountId } = (await Promise.all(others)).reduce((a, b) => (a.accountId > b.accountId ? a : b))
    const [inbox] = await read('mailbox.list', { accountId })
    const place = { accountId, mailboxId: inbox!.mailboxId }
    const arrive = async (messageId: string, references: string[]): Promise<number> => {
      const email = await newEmail(get().store, undefined, { messageId, references })
      const messages = [{ email, flags: noFlags, internalDate: 1 }]
      const { uids } = await write('message.append', { ...place, messages, at: 1 })
      const [row] = await read('message.rows', { ...place, from: uids[0]!, to: uids[0]!, limit: 1 })
      await write('message.expunge', { ...place, uids: all, onlyDeleted: false, at: 1 })
      return row!.threadId
    }
    const sweep = async (goesOn: boolean): Promise<boolean> =>
      (await write('store.sweep', { before: 0, limit: 100, goesOn })).more
    const first = await arrive('a', ['root'])
    expect(await sweep(false)).toBe(true)
    const second = await arrive('b', ['root'])
    expect(second).toBe(first)
    expect(await sweep(true)).toBe(false)
    const third = await arrive('c', ['root'])
    expect(third).not.toBe(first)
    // That one may come in the next hour.
    expect(await sweep(true)).toBe(false)
    expect(await arrive('d', ['root'])).toBe(third)
    expect(await sweep(false)).toBe(true)
    expect(await sweep(true)).toBe(false)
    expect(await arrive('e', ['root'])).not.toBe(third)
  })
}
