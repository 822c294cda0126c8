import { expect, it } from 'vitest'
import { SUBSCRIPTIONS_OF_ACCOUNT } from '../../src/store/limits.ts'
import type { MailboxRow } from '../../src/store/types.ts'
import type { GetStore } from './store.contract.ts'
import { all, append, mailboxAt, newAccount, noFlags } from './store-fixtures.ts'

export function mailboxContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)
  const create = (accountId: number, name: string, at = 2_000_000): Promise<MailboxRow> =>
    write('mailbox.create', { accountId, name, specialUse: null, at })
  const names = async (accountId: number): Promise<string[]> =>
    (await read('mailbox.list', { accountId })).map(({ name }) => name)

  it('creates a mailbox with the missing ones above it', async () => {
    const { accountId } = await newAccount(get().store)
    const row = await write('mailbox.create', { accountId, name: 'a/b/ç', specialUse: 'junk', at: 2_000_000 })
    expect(row).toEqual(await read('mailbox.byName', { accountId, name: 'a/b/ç' }))
    expect(row).toMatchObject({ name: 'a/b/ç', specialUse: 'junk', subscribed: false, uidNext: 1, messages: 0 })
    expect(await names(accountId)).toEqual(['INBOX', 'a', 'a/b', 'a/b/ç'])
    expect(await read('account.byId', { accountId })).toMatchObject({ modseq: row.highestModseq })
    await expect(create(accountId, 'a/b')).rejects.toMatchObject({ code: 'already-exists' })
    expect(await read('mailbox.byName', { accountId, name: 'no' })).toBeNull()
    expect(await mailboxAt(get().store, { accountId, mailboxId: 99 })).toBeNull()
  })

  it('has another UIDVALIDITY in each mailbox after a restoration, above all that were given since the backup', async () => {
    const { store } = get()
    const { accountId } = await newAccount(store)
    const box = await create(accountId, 'a')
    const { emailIds } = await append(store, { accountId, mailboxId: box.mailboxId }, [noFlags])
    const before = await read('mailbox.list', { accountId })
    // Many more in one second than the clock has.
    const now = 2_000_000_000_000
    const lost: number[] = []
    for (let n = 0; n < 20; n++) lost.push((await create(accountId, `lost ${n}`, now)).uidValidity)
    const given = Math.max(...lost)
    expect(await write('store.restored', { at: now + 1000 })).toEqual({ mailboxes: before.length + 20 })
    const after = await read('mailbox.list', { accountId })
    const validities = after.map(({ uidValidity }) => uidValidity)
    expect(Math.min(...validities)).toBeGreaterThan(given)
    expect(new Set(validities).size).toBe(after.length)
    expect(Math.max(...validities)).toBeLessThan(2 ** 32)
    // The clock is behind what was given: it stays so.
    const next = await create(accountId, 'next', now + 2000)
    expect(next.uidValidity).toBeGreaterThan(Math.max(...validities))
    expect(next.mailboxId).toBeGreaterThan(box.mailboxId + 1_000_000)
    const later = await append(store, { accountId, mailboxId: box.mailboxId }, [noFlags])
    expect(later.emailIds[0]).toBeGreaterThan((emailIds[0] ?? 0) + 1_000_000)
    await write('store.restored', { at: now + 3000 })
    const again = await read('mailbox.byName', { accountId, name: 'a' })
    expect(again?.uidValidity).toBeGreaterThan(next.uidValidity)
    // An address that was made after the backup, and lost with it.
    const { accountId: returned } = await newAccount(store, 'back@one.test')
    expect(returned).toBeGreaterThan(accountId + 1000)
    for (const { uidValidity } of await read('mailbox.list', { accountId: returned }))
      expect(uidValidity).toBeGreaterThan(given)
  })

  it('gives a special use to one mailbox, whoever asks for it at once', async () => {
    const { accountId } = await newAccount(get().store)
    const make = (name: string) => write('mailbox.create', { accountId, name, specialUse: 'sent', at: 1 })
    const made = await Promise.allSettled([make('Sent'), make('Envoyés'), make('Gesendet')])
    const refused = made.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(2)
    for (const one of refused) expect(one).toMatchObject({ reason: { code: 'not-allowed' } })
    expect(await names(accountId)).toHaveLength(2)
  })

  it('leaves nothing of a creation that is refused', async () => {
    const { accountId } = await newAccount(get().store)
    await create(accountId, 'a')
    const before = await read('account.byId', { accountId })
    await expect(create(accountId, 'a')).rejects.toMatchObject({ code: 'already-exists' })
    expect(await read('account.byId', { accountId })).toEqual(before)
  })

  it('never repeats a UIDVALIDITY, even where the clock stands still or goes back', async () => {
    const { accountId } = await newAccount(get().store)
    const seen = new Set<number>()
    for (const at of [5_000_000, 5_000_000, 1000]) {
      const { mailboxId, uidValidity } = await create(accountId, 'again', at)
      expect(seen).not.toContain(uidValidity)
      seen.add(uidValidity)
      await write('mailbox.delete', { accountId, mailboxId, at })
    }
  })

  it('renames a mailbox with its inferiors, keeping UIDs and UIDVALIDITY', async () => {
    const { accountId } = await newAccount(get().store)
    const mailbox = await create(accountId, 'a_b')
    await create(accountId, 'a_b/c/d')
    await create(accountId, 'axb/c')
    await append(get().store, { accountId, mailboxId: mailbox.mailboxId }, [noFlags])
    const { modseq } = await write('mailbox.rename', { accountId, mailboxId: mailbox.mailboxId, name: 'new/é', at: 1 })
    expect(await names(accountId)).toEqual(['INBOX', 'axb', 'axb/c', 'new', 'new/é', 'new/é/c', 'new/é/c/d'])
    expect(await read('mailbox.byName', { accountId, name: 'new/é' })).toMatchObject({
      mailboxId: mailbox.mailboxId,
      uidValidity: mailbox.uidValidity,
      messages: 1,
      uidNext: 2,
      highestModseq: modseq,
    })
  })

  it('refuses to rename onto a mailbox, onto an inferior of one, or below itself', async () => {
    const { accountId } = await newAccount(get().store)
    const { mailboxId } = await create(accountId, 'a')
    await create(accountId, 'a/x')
    await create(accountId, 'b')
    const rename = (name: string): Promise<unknown> => write('mailbox.rename', { accountId, mailboxId, name, at: 1 })
    await expect(rename('b')).rejects.toMatchObject({ code: 'already-exists' })
    await expect(rename('a')).rejects.toMatchObject({ code: 'already-exists' })
    await expect(rename('a/x/y')).rejects.toMatchObject({ code: 'not-allowed' })
    await expect(write('mailbox.rename', { accountId, mailboxId: 99, name: 'z', at: 1 })).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(await names(accountId)).toEqual(['INBOX', 'a', 'a/x', 'b'])
  })

  it('refuses a rename whose inferiors would meet others, and leaves nothing of it', async () => {
    const { accountId } = await newAccount(get().store)
    const { mailboxId } = await create(accountId, 'a')
    await create(accountId, 'a/x')
    // An inferior without its superior: `b` is gone, `b/x` stays.
    await create(accountId, 'b/x')
    const b = await read('mailbox.byName', { accountId, name: 'b' })
    await write('mailbox.delete', { accountId, mailboxId: b!.mailboxId, at: 1 })
    await expect(write('mailbox.rename', { accountId, mailboxId, name: 'b', at: 1 })).rejects.toMatchObject({
      code: 'already-exists',
    })
    expect(await names(accountId)).toEqual(['INBOX', 'a', 'a/x', 'b/x'])
  })

  it('empties INBOX into a new mailbox when it is renamed, and keeps INBOX and its inferiors', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    await create(accountId, 'INBOX/sub')
    await append(get().store, { accountId, mailboxId: inbox }, [{ system: 1, keywords: ['k'] }, noFlags])
    const { modseq } = await write('mailbox.rename', { accountId, mailboxId: inbox, name: 'old/mail', at: 1 })
    expect(await names(accountId)).toEqual(['INBOX', 'INBOX/sub', 'old', 'old/mail'])
    const moved = await read('mailbox.byName', { accountId, name: 'old/mail' })
    expect(moved).toMatchObject({ messages: 2, unseen: 1, uidNext: 3, highestModseq: modseq })
    expect(await mailboxAt(get().store, { accountId, mailboxId: inbox })).toMatchObject({
      messages: 0,
      unseen: 0,
      sizeBytes: 0,
      uidNext: 3,
      highestModseq: modseq,
    })
    expect(await read('message.expungedSince', { accountId, mailboxId: inbox, since: modseq - 1 })).toEqual([
      { from: 1, to: 2 },
    ])
    expect(await read('message.rows', { accountId, mailboxId: moved!.mailboxId, ...all[0]!, limit: 9 })).toMatchObject([
      { uid: 1, flags: { system: 1, keywords: ['k'] } },
      { uid: 2, flags: noFlags },
    ])
  })

  it('tells what changed and what is gone since a client knew of it', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const place = { accountId, mailboxId: inbox }
    const { modseq: before } = await append(get().store, place, [noFlags, noFlags, noFlags])
    const told = { since: before, expungedSince: before, limit: 9 }
    expect(await read('mailbox.changes', { ...place, ...told })).toEqual({
      highestModseq: before,
      recentAbove: 0,
      expunged: [],
      changed: [],
    })
    const uids = [{ from: 2, to: 2 }]
    const gone = await write('message.expunge', { ...place, uids, onlyDeleted: false, at: 1 })
    const change = { mode: 'add' as const, flags: { system: 1, keywords: [] }, unchangedSince: null }
    const flagged = await write('message.flags', { ...place, uids: [{ from: 3, to: 3 }], ...change })
    const { modseq: added } = await append(get().store, place, [noFlags])
    const known = async (since: number, expungedSince: number, limit = 9) => {
      const { expunged, changed } = (await read('mailbox.changes', { ...place, since, expungedSince, limit }))!
      return { expunged, changed: changed.map(({ uid, modseq }) => [uid, modseq]) }
    }
    const both = [
      [3, flagged.modseq],
      [4, added],
    ]
    expect(await known(before, before)).toEqual({ expunged: uids, changed: both })
    expect(await known(before, before, 1)).toEqual({ expunged: uids, changed: both.slice(0, 1) })
    expect(await known(flagged.modseq, before)).toEqual({ expunged: uids, changed: both.slice(1) })
    expect(await known(before, gone.modseq)).toEqual({ expunged: [], changed: both })
    expect(await known(added, added)).toEqual({ expunged: [], changed: [] })
    expect(await read('mailbox.changes', { accountId, mailboxId: 99, ...told })).toBeNull()
  })

  it('gives new messages to one of those who are told of them, whoever asks at once, and to nobody later', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const place = { accountId, mailboxId: inbox }
    const take = (upTo: number) => write('mailbox.takeRecent', { ...place, upTo })
    const { modseq } = await append(get().store, place, [noFlags, noFlags, noFlags])
    expect(await mailboxAt(get().store, place)).toMatchObject({ recentAbove: 0 })
    const taken = await Promise.all([3, 2, 3, 1, 3, 2].map(async upTo => ({ upTo, ...(await take(upTo)) })))
    // Each of the three once, by as many as came in between.
    const given = taken.flatMap(({ above, upTo }) => Array.from({ length: upTo - above }, (_, at) => above + at + 1))
    expect(given.sort()).toEqual([1, 2, 3])
    expect(await mailboxAt(get().store, place)).toMatchObject({ recentAbove: 3, highestModseq: modseq })
    expect(await take(3)).toEqual({ above: 3 })
    await append(get().store, place, [noFlags, noFlags])
    await write('message.expunge', { ...place, uids: [{ from: 4, to: 4 }], onlyDeleted: false, at: 1 })
    expect(await take(5)).toEqual({ above: 3 })
    const known = { since: modseq, expungedSince: modseq, limit: 9 }
    expect(await read('mailbox.changes', { ...place, ...known })).toMatchObject({ recentAbove: 5 })
    // Copies are new where they are.
    const { mailboxId: target } = await create(accountId, 'a')
    await write('message.copy', { ...place, uids: all, target, at: 1 })
    expect(await read('mailbox.byName', { accountId, name: 'a' })).toMatchObject({ recentAbove: 0, uidNext: 5 })
    await expect(write('mailbox.takeRecent', { accountId, mailboxId: 99, upTo: 1 })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('deletes a mailbox with its messages, not its inferiors, and never INBOX', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const { mailboxId } = await create(accountId, 'a')
    await create(accountId, 'a/b')
    await append(get().store, { accountId, mailboxId: inbox }, [noFlags])
    await append(get().store, { accountId, mailboxId }, [noFlags, noFlags])
    await write('message.copy', { accountId, mailboxId, uids: [{ from: 1, to: 1 }], target: inbox, at: 1 })
    const { modseq } = await write('mailbox.delete', { accountId, mailboxId, at: 1 })
    expect(await names(accountId)).toEqual(['INBOX', 'a/b'])
    const left = await mailboxAt(get().store, { accountId, mailboxId: inbox })
    expect(await read('account.byId', { accountId })).toMatchObject({
      messages: 2,
      usedBytes: left!.sizeBytes,
      modseq,
    })
    await expect(write('mailbox.delete', { accountId, mailboxId: inbox, at: 1 })).rejects.toMatchObject({
      code: 'not-allowed',
    })
    await expect(write('mailbox.delete', { accountId, mailboxId, at: 1 })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('keeps a subscription when its mailbox goes', async () => {
    const { accountId } = await newAccount(get().store)
    const { mailboxId } = await create(accountId, 'a')
    for (const name of ['a', 'a', 'b/never']) await write('mailbox.subscribe', { accountId, name, subscribed: true })
    expect(await mailboxAt(get().store, { accountId, mailboxId })).toMatchObject({ subscribed: true })
    await write('mailbox.delete', { accountId, mailboxId, at: 1 })
    expect(await read('mailbox.subscriptions', { accountId })).toEqual(['INBOX', 'a', 'b/never'])
    await write('mailbox.subscribe', { accountId, name: 'a', subscribed: false })
    await write('mailbox.subscribe', { accountId, name: 'a', subscribed: false })
    expect(await read('mailbox.subscriptions', { accountId })).toEqual(['INBOX', 'b/never'])
  })

  it('counts a subscription that changed among the changes of its mailbox, and none that was so before', async () => {
    const { accountId } = await newAccount(get().store)
    const { mailboxId, highestModseq } = await create(accountId, 'a')
    const set = async (name: string, subscribed: boolean) =>
      (await write('mailbox.subscribe', { accountId, name, subscribed })).modseq
    expect(await set('a', true)).toBe(highestModseq + 1)
    expect(await set('a', true)).toBeNull()
    expect(await set('never', true)).toBeNull()
    expect(await mailboxAt(get().store, { accountId, mailboxId })).toMatchObject({ highestModseq: highestModseq + 1 })
    expect(await set('a', false)).toBe(highestModseq + 2)
    expect(await set('a', false)).toBeNull()
    expect(await set('never', false)).toBeNull()
    expect(await read('account.byId', { accountId })).toMatchObject({ modseq: highestModseq + 2 })
  })

  it('tells which mailboxes changed since, whatever changed in them', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    await newAccount(get().store, 'other@one.test')
    const changedSince = async (since: number) => {
      const { mailboxes, changed } = await read('mailbox.changedSince', { accountId, since })
      return { mailboxes, names: changed.map(({ name }) => name) }
    }
    const { mailboxId: a, highestModseq: since } = await create(accountId, 'a')
    expect(await changedSince(0)).toEqual({ mailboxes: 2, names: ['INBOX', 'a'] })
    expect(await changedSince(since)).toEqual({ mailboxes: 2, names: [] })
    await append(get().store, { accountId, mailboxId: inbox }, [noFlags])
    await write('mailbox.subscribe', { accountId, name: 'a', subscribed: true })
    const { changed } = await read('mailbox.changedSince', { accountId, since })
    expect(changed).toEqual(await read('mailbox.list', { accountId }))
    const { modseq } = await write('mailbox.rename', { accountId, mailboxId: a, name: 'b/c', at: 1 })
    expect(await changedSince(modseq - 1)).toEqual({ mailboxes: 3, names: ['b/c', 'b'] })
    await write('mailbox.delete', { accountId, mailboxId: a, at: 1 })
    expect(await changedSince(modseq)).toEqual({ mailboxes: 2, names: [] })
    expect(await changedSince(modseq - 1)).toEqual({ mailboxes: 2, names: ['b'] })
  })

  it('keeps as many subscriptions as an account may have', async () => {
    await newAccount(get().store)
    // With INBOX, one is left.
    const names = Array.from({ length: SUBSCRIPTIONS_OF_ACCOUNT - 2 }, (_, index) => `s${index}`)
    const { accountId } = await write('account.add', {
      address: 'many@one.test',
      passwordHash: null,
      quotaBytes: null,
      mailboxes: names.map(name => ({ name, specialUse: null })),
      at: 1,
    })
    const subscribe = (name: string, subscribed = true): Promise<unknown> =>
      write('mailbox.subscribe', { accountId, name, subscribed })
    await subscribe('last')
    await expect(subscribe('over')).rejects.toMatchObject({ code: 'too-many' })
    // One that is there already is none more.
    await subscribe('last')
    await subscribe('last', false)
    await subscribe('over')
    expect(await read('mailbox.subscriptions', { accountId })).toHaveLength(SUBSCRIPTIONS_OF_ACCOUNT)
  })
}
