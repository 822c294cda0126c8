import { expect, it } from 'vitest'
import { KEYWORDS_OF_MAILBOX } from '../../src/store/limits.ts'
import { Flag, type Flags, type UidRange } from '../../src/store/types.ts'
import type { GetStore } from './store.contract.ts'
import { all, append, mailboxAt, newAccount, noFlags } from './store-fixtures.ts'

const { Seen, Deleted, Flagged } = Flag
const flags = (system: number, ...keywords: string[]): Flags => ({ system, keywords })

export function flagsContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)

  async function mailbox(initial: Flags[]) {
    const { accountId, inbox } = await newAccount(get().store)
    const place = { accountId, mailboxId: inbox }
    const { modseq } = await append(get().store, place, initial)
    return {
      place,
      modseq,
      change: (
        mode: 'add' | 'remove' | 'replace',
        change: Flags,
        uids: UidRange[] = all,
        unchangedSince: number | null = null,
      ) => write('message.flags', { ...place, uids, mode, flags: change, unchangedSince }),
      now: async () =>
        (await read('message.rows', { ...place, from: 1, to: 0xffffffff, limit: 99 })).map(row => row.flags),
      row: async () => (await mailboxAt(get().store, place))!,
    }
  }

  it('lets a mailbox have so many keywords: more are refused to a client, and mail comes without them', async () => {
    const { place, change, now } = await mailbox([flags(0)])
    const keywords = Array.from({ length: KEYWORDS_OF_MAILBOX }, (_, index) => `k${index}`)
    await change('add', flags(0, ...keywords))
    await expect(change('add', flags(Seen, 'k0', 'more'))).rejects.toMatchObject({ code: 'too-many' })
    await append(get().store, place, [flags(0, 'K1', 'more')])
    expect(await now()).toEqual([flags(0, ...keywords.sort()), flags(0, 'k1')])
    expect(await read('mailbox.keywords', place)).toEqual(keywords)
  })

  it('adds, removes and replaces, counting unseen and deleted', async () => {
    const { change, now, row } = await mailbox([flags(0), flags(Seen, 'a'), flags(Deleted)])
    const added = await change('add', flags(Seen | Deleted, 'b'))
    expect(added.changed).toEqual([
      { uid: 1, flags: flags(Seen | Deleted, 'b'), modseq: added.modseq },
      { uid: 2, flags: flags(Seen | Deleted, 'a', 'b'), modseq: added.modseq },
      { uid: 3, flags: flags(Seen | Deleted, 'b'), modseq: added.modseq },
    ])
    expect(await row()).toMatchObject({ unseen: 0, deleted: 3, highestModseq: added.modseq })
    await change('remove', flags(Deleted | Flagged, 'a', 'never'))
    expect(await now()).toEqual([flags(Seen, 'b'), flags(Seen, 'b'), flags(Seen, 'b')])
    expect(await row()).toMatchObject({ unseen: 0, deleted: 0 })
    await change('replace', flags(Flagged, 'z', 'c'), [{ from: 2, to: 3 }])
    expect(await now()).toEqual([flags(Seen, 'b'), flags(Flagged, 'c', 'z'), flags(Flagged, 'c', 'z')])
    expect(await row()).toMatchObject({ unseen: 2, deleted: 0 })
  })

  it('leaves the modseq of what stays as it is, and of all where nothing changes', async () => {
    const { change, place, modseq } = await mailbox([flags(Seen), noFlags])
    const first = await change('add', flags(Seen))
    expect(first.changed.map(({ uid }) => uid)).toEqual([2])
    const rows = await read('message.rows', { ...place, from: 1, to: 9, limit: 9 })
    expect(rows.map(row => row.modseq)).toEqual([modseq, first.modseq])
    expect(await change('add', flags(Seen))).toEqual({ changed: [], unmodified: [], upTo: null, modseq: first.modseq })
    expect(await change('replace', flags(Seen))).toMatchObject({ changed: [] })
    expect(await change('remove', flags(Flagged, 'none'))).toMatchObject({ changed: [] })
    expect(await read('account.byId', { accountId: place.accountId })).toMatchObject({ modseq: first.modseq })
  })

  it('leaves alone what changed since the modseq named, and lists it', async () => {
    const { change, modseq } = await mailbox([noFlags, noFlags, noFlags])
    await change('add', flags(Flagged), [{ from: 2, to: 2 }])
    const result = await change('add', flags(Seen), all, modseq)
    expect(result.unmodified).toEqual([2])
    expect(result.changed.map(({ uid }) => uid)).toEqual([1, 3])
    // RFC 7162 §3.1.3: listed even where the change would have made no difference.
    expect((await change('add', flags(Flagged), [{ from: 2, to: 2 }], modseq)).unmodified).toEqual([2])
    expect((await change('add', flags(Seen), all, result.modseq)).unmodified).toEqual([])
  })

  it('keeps the first spelling of a keyword in a mailbox, whoever spells it later', async () => {
    const { change, now, place } = await mailbox([flags(0, '$Label1'), noFlags])
    await change('add', flags(0, '$LABEL1', 'Foo', 'fOO'))
    expect(await now()).toEqual([flags(0, '$Label1', 'Foo'), flags(0, '$Label1', 'Foo')])
    await change('remove', flags(0, '$label1'), [{ from: 1, to: 1 }])
    await append(get().store, place, [flags(0, 'FOO')])
    expect(await now()).toEqual([flags(0, 'Foo'), flags(0, '$Label1', 'Foo'), flags(0, 'Foo')])
    const { accountId, mailboxId } = place
    const target = await write('mailbox.create', { accountId, name: 'T', specialUse: null, at: 1 })
    await append(get().store, { accountId, mailboxId: target.mailboxId }, [flags(0, 'foo')])
    await write('message.copy', { accountId, mailboxId, uids: all, target: target.mailboxId, at: 1 })
    const copies = await read('message.rows', { accountId, mailboxId: target.mailboxId, from: 2, to: 9, limit: 9 })
    expect(copies.map(row => row.flags.keywords)).toEqual([['foo'], ['$Label1', 'foo'], ['foo']])
  })

  it('changes single messages, ranges that overlap, and nothing for a range that is empty', async () => {
    const { change } = await mailbox(Array(6).fill(noFlags))
    const uids = [
      { from: 5, to: 9 },
      { from: 1, to: 2 },
      { from: 2, to: 3 },
      { from: 4, to: 3 },
    ]
    expect((await change('add', flags(Seen), uids)).changed.map(({ uid }) => uid)).toEqual([1, 2, 3, 5, 6])
    expect((await change('add', flags(Seen), [])).changed).toEqual([])
  })

  it('changes exactly the messages named of a larger mailbox, in long runs and in scattered ones', async () => {
    const initial = Array.from({ length: 300 }, (_, index) => flags(index >= 99 && index < 105 ? Seen : 0))
    const { change, place, row } = await mailbox(initial)
    const gone = [{ from: 50, to: 60 }]
    await write('message.expunge', { ...place, uids: gone, onlyDeleted: false, at: 1 })
    const unseen = async (): Promise<number[]> => {
      const rows = await read('message.rows', { ...place, from: 1, to: 0xffffffff, limit: 999 })
      return rows.filter(each => !(each.flags.system & Seen)).map(({ uid }) => uid)
    }
    const numbers = (from: number, to: number, step = 1): number[] =>
      Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step)
    const long = await change('add', flags(Seen), [
      { from: 2, to: 120 },
      { from: 122, to: 250 },
    ])
    expect(long.changed.map(({ uid }) => uid)).toEqual([
      ...numbers(2, 49),
      ...numbers(61, 99),
      ...numbers(106, 120),
      ...numbers(122, 250),
    ])
    const since = { ...place, since: long.modseq - 1, after: 0, limit: 999 }
    const changed = await read('message.changedSince', since)
    expect(changed.map(({ uid }) => uid)).toEqual(long.changed.map(({ uid }) => uid))
    expect(await unseen()).toEqual([1, 121, ...numbers(251, 300)])
    const odd = numbers(1, 299, 2).map(uid => ({ from: uid, to: uid }))
    await change('remove', flags(Seen), odd)
    const left = numbers(251, 300).filter(uid => uid % 2 === 0)
    const expected = [...numbers(1, 299, 2).filter(uid => uid < 50 || uid > 60), ...left].sort((a, b) => a - b)
    expect(await unseen()).toEqual(expected)
    expect(await row()).toMatchObject({ unseen: expected.length, messages: 289 })
  })
}
