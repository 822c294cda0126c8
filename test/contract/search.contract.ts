import { expect, it } from 'vitest'
import { Flag, type Flags, type MessageConditions, type SearchField, type SortKey } from '../../src/store/types.ts'
import type { GetStore } from './store.contract.ts'
import { newAccount, newEmail, noFlags } from './store-fixtures.ts'

const day = 86_400_000

/** What is compared of messages without reading them. */
export function searchContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)

  const mailbox = async (
    messages: { size?: number; flags?: Flags; internalDate?: number; index?: Parameters<typeof newEmail>[2] }[],
  ): Promise<{ accountId: number; mailboxId: number; from: number; to: number; limit: number }> => {
    const { store } = get()
    const { accountId, inbox } = await newAccount(store)
    let at = 0
    for (const { size = 9, flags = noFlags, internalDate = 5000, index = {} } of messages) {
      const email = await newEmail(store, Buffer.alloc(size, `${++at} `), index)
      const place = { accountId, mailboxId: inbox }
      await store.write('message.append', { ...place, messages: [{ email, flags, internalDate }], at: at * day })
    }
    return { accountId, mailboxId: inbox, from: 1, to: 0xffffffff, limit: 99 }
  }

  it('finds messages by flags, sizes, dates and modseqs, all conditions at once', async () => {
    const place = await mailbox([
      { size: 10, internalDate: 1000, flags: { system: Flag.Seen | Flag.Flagged, keywords: [] } },
      { size: 20, internalDate: 2000, flags: { system: Flag.Seen, keywords: ['k'] } },
      { size: 30, internalDate: 3000 },
    ])
    const [, second] = await read('message.rows', place)
    const uids = async (conditions: MessageConditions): Promise<number[]> => [
      ...(await read('message.matching', { ...place, conditions })),
    ]
    expect(await uids({})).toEqual([1, 2, 3])
    expect(await uids({ flagsSet: Flag.Seen })).toEqual([1, 2])
    expect(await uids({ flagsSet: Flag.Seen | Flag.Flagged })).toEqual([1])
    expect(await uids({ flagsUnset: Flag.Flagged | Flag.Draft })).toEqual([2, 3])
    expect(await uids({ flagsSet: Flag.Seen, flagsUnset: Flag.Flagged })).toEqual([2])
    expect(await uids({ sizeAbove: 10 })).toEqual([2, 3])
    expect(await uids({ sizeBelow: 30 })).toEqual([1, 2])
    expect(await uids({ internalFrom: 2000 })).toEqual([2, 3])
    expect(await uids({ internalBefore: 2000 })).toEqual([1])
    expect(await uids({ savedFrom: 2 * day, savedBefore: 3 * day })).toEqual([2])
    expect(await uids({ modseqFrom: second!.modseq })).toEqual([2, 3])
    expect(await uids({ flagsSet: Flag.Seen, sizeAbove: 10, internalBefore: 2500 })).toEqual([2])
    const range = { ...place, from: 2, to: 3 }
    expect([...(await read('message.matching', { ...range, limit: 1, conditions: {} }))]).toEqual([2])
  })

  it('finds texts in each field, letter by letter', async () => {
    const place = await mailbox([
      { index: { from: 'A%_B', to: 'TO', cc: 'CC', bcc: 'BCC', subject: 'É☃\0END' } },
      { index: { from: '', to: '', cc: '', bcc: '', subject: '' } },
    ])
    const uids = async (field: SearchField, text: string): Promise<number[]> => [
      ...(await read('message.containing', { ...place, field, text })),
    ]
    for (const [field, text] of Object.entries({ from: '%_', to: 'O', cc: 'CC', bcc: 'BC', subject: '☃\0E' }))
      expect(await uids(field as SearchField, text), field).toEqual([1])
    expect(await uids('from', '_%')).toEqual([])
    expect(await uids('subject', 'end')).toEqual([])
    expect(await uids('bcc', '')).toEqual([1, 2])
    expect([...(await read('message.containing', { ...place, from: 2, field: 'to', text: 'O' }))]).toEqual([])
  })

  it('finds messages by the day they were sent, which those without a date were on none', async () => {
    const place = await mailbox([
      { index: { sentDay: 2 * day } },
      { index: { sentDay: null } },
      { index: { sentDay: 3 * day } },
    ])
    const uids = async (sentFrom: number, sentBefore: number): Promise<number[]> => [
      ...(await read('message.sentBetween', { ...place, sentFrom, sentBefore })),
    ]
    expect(await uids(2 * day, 3 * day)).toEqual([1])
    expect(await uids(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)).toEqual([1, 3])
    expect(await uids(2 * day + 1, Number.MAX_SAFE_INTEGER)).toEqual([3])
  })

  it('tells each sort key; the internal date stands for a missing Date field (RFC 5256 §2.2)', async () => {
    const texts = { baseSubject: 'S', sortFrom: 'F', sortTo: 'T', sortCc: 'C', displayFrom: 'DF', displayTo: 'DT' }
    const place = await mailbox([
      { size: 7, internalDate: 50, index: { ...texts, sentAt: 60 } },
      { size: 8, internalDate: 51, index: { sentAt: null } },
    ])
    const keys = async (by: SortKey): Promise<(number | string)[]> =>
      (await read('message.sortKeys', { ...place, by, characters: 9 })).map(({ key }) => key)
    expect(await read('message.sortKeys', { ...place, by: 'sentDate', characters: 9 })).toEqual([
      { uid: 1, key: 60 },
      { uid: 2, key: 51 },
    ])
    expect(await keys('internalDate')).toEqual([50, 51])
    expect(await keys('sizeBytes')).toEqual([7, 8])
    for (const [by, text] of Object.entries(texts)) expect((await keys(by as SortKey))[0], by).toBe(text)
  })

  it('tells the beginning of sort keys that are long', async () => {
    const place = await mailbox([{ index: { baseSubject: '☃☃☃☃', sortFrom: '☃☃☃' } }])
    for (const by of ['baseSubject', 'sortFrom'] as const)
      expect(await read('message.sortKeys', { ...place, by, characters: 3 }), by).toEqual([{ uid: 1, key: '☃☃☃' }])
  })

  it('tells what threads are made of', async () => {
    const threading = { messageId: 'm@x', references: ['r 1', 'r"2'], baseSubject: 'S', isReplyOrForward: true }
    const place = await mailbox([
      { index: { ...threading, sentAt: 60 } },
      { internalDate: 51, index: { messageId: 'n' } },
    ])
    const rest = { references: [], baseSubject: 'HELLO', isReplyOrForward: false }
    expect(await read('message.threading', place)).toEqual([
      { uid: 1, sentDate: 60, ...threading },
      { uid: 2, sentDate: 51, messageId: 'n', ...rest },
    ])
    expect(await read('message.threading', { ...place, from: 2, limit: 1 })).toHaveLength(1)
  })
}
