import { expect, it } from 'vitest'
import { packSegment } from '../../src/store/texts/segment.ts'
import { type NewText, TEXT_FORM, type TextChange, type TextSearch } from '../../src/store/types/texts.ts'
import type { GetStore } from './store.contract.ts'
import { all, newAccount, newEmail, noFlags } from './store-fixtures.ts'

const END = '\xff'
const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

/** What is kept of messages to be searched. */
export function textsContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const put = (change: TextChange): Promise<void> => get().store.write('text.put', change)

  const withEmails = async (count: number, address?: string): Promise<{ accountId: number; mailboxId: number }> => {
    const { store } = get()
    const { accountId, inbox } = await newAccount(store, address)
    for (let at = 1; at <= count; at++) await append({ accountId, mailboxId: inbox }, `S${at}`)
    return { accountId, mailboxId: inbox }
  }
  const append = async (place: { accountId: number; mailboxId: number }, subject: string): Promise<void> => {
    const email = await newEmail(get().store, undefined, { subject })
    await get().store.write('message.append', {
      ...place,
      messages: [{ email, flags: noFlags, internalDate: 5 }],
      at: 9,
    })
  }
  /** With a body of its number, and a header of its own. */
  const textsOf = async (accountId: number, limit = 99): Promise<NewText[]> =>
    (await read('text.next', { accountId, limit })).map(({ emailId, number, fields }) => ({
      emailId,
      fields,
      parts: {
        header: bytes(`SUBJECT: S${number}${END}X-N: N${number}${END}`),
        partHeaders: bytes(`X-N: PART${number}${END}`),
        body: bytes(`BODY${number}${END}TAIL${END}`),
      },
    }))
  const pack = async (accountId: number, limit?: number): Promise<TextChange> => {
    const change = await read('text.packed', { accountId, texts: await textsOf(accountId, limit) })
    await put(change)
    return change
  }
  /** The numbers found; negative where the text is not kept. */
  const find = async (accountId: number, numbers: number[], search: TextSearch): Promise<number[]> => {
    const verdicts = await read('text.find', { accountId, numbers: Uint32Array.from(numbers), search })
    return numbers.flatMap((number, index) =>
      verdicts[index] === 0 ? [] : verdicts[index] === 1 ? [number] : [-number],
    )
  }

  it('finds by each part of a text, and by what is made of them', async () => {
    const { accountId } = await withEmails(12)
    await pack(accountId)
    const numbers = [1, 2, 3, 11, 12]
    const among = (search: TextSearch): Promise<number[]> => find(accountId, numbers, search)
    expect(await among({ in: 'body', text: 'DY1' })).toEqual([1, 11, 12])
    expect(await among({ in: 'body', text: 'TAIL' })).toEqual(numbers)
    // Nothing is found across the end of a text.
    expect(await among({ in: 'body', text: '1T' })).toEqual([])
    expect(await among({ in: 'body', text: 'ART2' })).toEqual([])
    expect(await among({ in: 'message', text: 'ART2' })).toEqual([2])
    expect(await among({ in: 'message', text: '2' })).toEqual([2, 12])
    expect(await among({ in: 'subject', text: 'S1' })).toEqual([1, 11, 12])
    expect(await among({ in: 'from', text: 'ANN' })).toEqual(numbers)
    expect(await among({ in: 'to', text: 'ANN' })).toEqual([])
    expect(await among({ in: 'bcc', text: '' })).toEqual(numbers)
    expect(await among({ in: 'header', name: 'X-N', text: 'N1' })).toEqual([1, 11, 12])
    expect(await among({ in: 'header', name: 'X-N', text: 'PART' })).toEqual([])
    expect(await among({ in: 'header', name: 'N', text: '' })).toEqual([])
    expect(await among({ in: 'header', name: 'SUBJECT', text: '' })).toEqual(numbers)
    const one: TextSearch = { in: 'body', text: 'Y1' }
    const two: TextSearch = { in: 'subject', text: '2' }
    expect(await among({ all: [one, two] })).toEqual([12])
    expect(await among({ any: [one, two] })).toEqual([1, 2, 11, 12])
    expect(await among({ not: one })).toEqual([2, 3])
    expect(await among({ all: [{ not: one }, { not: two }] })).toEqual([3])
    expect(await among({ all: [] })).toEqual(numbers)
    expect(await among({ any: [] })).toEqual([])
  })

  it('tells of which emails it keeps no text', async () => {
    const { accountId, mailboxId } = await withEmails(4)
    const [first, ...others] = await textsOf(accountId)
    await put(await read('text.packed', { accountId, texts: [{ ...first!, parts: null }, ...others] }))
    await append({ accountId, mailboxId }, 'S5')
    expect(await find(accountId, [1, 2, 4, 5, 9], { in: 'body', text: 'BODY2' })).toEqual([-1, 2, -5, -9])
    expect(await find(accountId, [1, 4], { not: { in: 'body', text: 'X' } })).toEqual([-1, 4])
    expect(await read('text.sources', { accountId, numbers: [5, 1, 9] })).toMatchObject([
      { number: 1, fields: { subject: 'S1' } },
      { number: 5, fields: { subject: 'S5', from: '"ANN" <ANN@ONE.TEST>' } },
    ])
  })

  it('looks where it is asked to, in any number of segments', async () => {
    const { accountId, mailboxId } = await withEmails(0)
    for (let at = 1; at <= 200; at++) await append({ accountId, mailboxId }, `S${at}`)
    for (let at = 0; at < 5; at++) await pack(accountId, 40)
    const numbers = Array.from({ length: 200 }, (_, at) => at + 1)
    expect(await find(accountId, numbers, { in: 'body', text: 'BODY20' })).toEqual([20, 200])
    expect(await find(accountId, [1, 39, 40, 41, 120, 200], { in: 'body', text: '0' })).toEqual([40, 120, 200])
    expect(await find(accountId, [40, 40, 41], { in: 'body', text: '0' })).toEqual([40, 40])
  })

  it('looks through many segments, with emails between them that are in none, and fields of any length', async () => {
    const { accountId } = await withEmails(40)
    const first = (await textsOf(accountId))[0]!.emailId - 1
    const long = `${'LONG '.repeat(40_000)}S21`
    for (const { emailId, fields, parts } of await textsOf(accountId)) {
      const number = emailId - first
      if (number === 7 || number === 23) continue
      const text = { number, form: TEXT_FORM, fields: number === 21 ? { ...fields, subject: long } : fields, parts }
      await put({ accountId, replaced: [], segment: packSegment(emailId, emailId, [text]) })
    }
    const numbers = Array.from({ length: 40 }, (_, at) => at + 1)
    const kept = (wanted: number[]): number[] => [...wanted, -7, -23].sort((a, b) => Math.abs(a) - Math.abs(b))
    expect(await find(accountId, numbers, { in: 'subject', text: 'S2' })).toEqual(
      kept([2, 20, 21, 22, 24, 25, 26, 27, 28, 29]),
    )
    expect(await find(accountId, numbers, { in: 'subject', text: 'LONG S21' })).toEqual(kept([21]))
    expect(await find(accountId, numbers, { in: 'body', text: 'BODY40' })).toEqual(kept([40]))
    const nested: TextSearch = {
      all: [
        {
          any: [
            { in: 'subject', text: 'S3' },
            { in: 'body', text: 'BODY21' },
          ],
        },
        { not: { in: 'body', text: 'BODY33' } },
      ],
    }
    expect(await find(accountId, numbers, nested)).toEqual(kept([3, 21, 30, 31, 32, 34, 35, 36, 37, 38, 39]))
    expect(await find(accountId, [23, 39], { in: 'subject', text: 'S39' })).toEqual([-23, 39])
  })

  it('joins the texts of a few with those of the last segment', async () => {
    const { accountId, mailboxId } = await withEmails(3)
    const { segment: first } = await pack(accountId)
    for (let at = 4; at <= 9; at++) await append({ accountId, mailboxId }, `S${at}`)
    const { segment: joined, replaced } = await pack(accountId)
    expect([joined?.segment, joined?.emails]).toEqual([first?.segment, 9])
    expect(replaced).toEqual([{ segment: first?.segment, checksum: first?.checksum }])
    expect(await find(accountId, [1, 4, 9], { in: 'body', text: 'BODY' })).toEqual([1, 4, 9])
  })

  it('refuses what was made of something else than there is', async () => {
    const { accountId, mailboxId } = await withEmails(3)
    const texts = await textsOf(accountId)
    const change = await read('text.packed', { accountId, texts })
    await put(change)
    await expect(put(change)).rejects.toMatchObject({ code: 'conflict' })
    await append({ accountId, mailboxId }, 'S4')
    const joined = await read('text.packed', { accountId, texts: await textsOf(accountId) })
    await put(joined)
    await expect(put(joined)).rejects.toMatchObject({ code: 'conflict' })
    // As an email of a segment that another has as well.
    const overlapping = { ...change.segment!, segment: change.segment!.segment + 1 }
    await expect(put({ ...change, segment: overlapping })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('forgets the texts of what is removed, and joins what is left', async () => {
    const { accountId, mailboxId } = await withEmails(120)
    const { store } = get()
    await pack(accountId, 60)
    await pack(accountId, 60)
    expect(await read('text.outdated', { limit: 9 })).toEqual([])
    const expunge = (from: number, to: number): Promise<unknown> =>
      store.write('message.expunge', { accountId, mailboxId, uids: [{ from, to }], onlyDeleted: false, at: 5 })
    // A copy keeps the email.
    const args = { accountId, mailboxId, uids: [{ from: 2, to: 2 }], target: mailboxId, at: 5 }
    await store.write('message.copy', args)
    await expunge(1, 40)
    const [outdated, ...others] = await read('text.outdated', { limit: 9 })
    expect(others).toEqual([])
    const renewed = await read('text.renewed', { segment: outdated!, texts: [] })
    expect(renewed?.segment?.emails).toBe(21)
    await put(renewed!)
    expect(await read('text.outdated', { limit: 9 })).toEqual([])
    expect(await find(accountId, [1, 2, 40, 41], { in: 'body', text: 'BODY' })).toEqual([-1, 2, -40, 41])

    await expunge(80, 120)
    const [second] = await read('text.outdated', { limit: 9 })
    const joined = await read('text.renewed', { segment: second!, texts: [] })
    expect(joined?.replaced.length).toBe(2)
    expect(joined?.segment?.emails).toBe(40)
    await put(joined!)
    expect(await find(accountId, [2, 41, 79], { in: 'body', text: 'BODY' })).toEqual([2, 41, 79])

    await store.write('message.expunge', { accountId, mailboxId, uids: all, onlyDeleted: false, at: 5 })
    const [last] = await read('text.outdated', { limit: 9 })
    const gone = await read('text.renewed', { segment: last!, texts: [] })
    expect(gone?.segment).toBeNull()
    await put(gone!)
    expect(await read('text.renewed', { segment: last!, texts: [] })).toBeNull()
  })

  it('forgets what is removed beside texts that are damaged, and those that are', async () => {
    const { accountId, mailboxId } = await withEmails(120)
    await pack(accountId, 60)
    const { segment } = await pack(accountId, 60)
    const { checksum } = segment!
    await put({
      accountId,
      replaced: [{ segment: segment!.segment, checksum }],
      segment: { ...segment!, bodies: bytes('x') },
    })
    const renew = async (from: number, to: number): Promise<TextChange | null> => {
      const uids = [{ from, to }]
      await get().store.write('message.expunge', { accountId, mailboxId, uids, onlyDeleted: false, at: 5 })
      const [outdated] = await read('text.outdated', { limit: 9 })
      const change = await read('text.renewed', { segment: outdated!, texts: [] })
      await put(change!)
      expect(await read('text.outdated', { limit: 9 })).toEqual([])
      return change
    }
    expect((await renew(1, 58))?.segment?.emails).toBe(2)
    const whole = await renew(63, 120)
    expect(whole).toEqual({ accountId, replaced: [{ segment: segment!.segment, checksum }], segment: null })
    expect(await find(accountId, [58, 59, 60, 61, 62], { in: 'body', text: 'BODY' })).toEqual([-58, 59, 60, -61, -62])
    // They are kept again, as those behind the last texts are.
    await pack(accountId)
    expect(await find(accountId, [59, 61, 62, 63], { in: 'body', text: 'BODY' })).toEqual([59, 61, 62, -63])
  })

  it('takes texts of an earlier form for not kept, and has them made anew', async () => {
    const { accountId, mailboxId } = await withEmails(3)
    const texts = await textsOf(accountId)
    const [begin, end] = [texts[0]!.emailId, texts[2]!.emailId]
    const old = texts.map(({ emailId, ...text }) => ({ number: emailId - begin + 1, form: TEXT_FORM - 1, ...text }))
    await put({ accountId, replaced: [], segment: packSegment(begin, end, old) })
    const body: TextSearch = { in: 'body', text: 'BODY' }
    expect(await find(accountId, [1, 2, 3], body)).toEqual([-1, -2, -3])
    // Others join them, and they stay as they are.
    await append({ accountId, mailboxId }, 'S4')
    await pack(accountId)
    expect(await find(accountId, [1, 2, 3, 4], body)).toEqual([-1, -2, -3, 4])
    expect(await read('text.earlier', { after: 0, limit: 1 })).toEqual({ segments: [begin], last: begin })
    expect(await read('text.earlier', { after: begin, limit: 1 })).toEqual({ segments: [], last: null })

    const sources = await read('text.earlierSources', { segment: begin })
    expect(sources.map(({ number }) => number)).toEqual([1, 2, 3])
    const part = await read('text.renewed', { segment: begin, texts: texts.slice(0, 1) })
    await put(part!)
    expect(await find(accountId, [1, 2, 3, 4], body)).toEqual([1, -2, -3, 4])
    await put((await read('text.renewed', { segment: begin, texts }))!)
    expect(await find(accountId, [1, 2, 3, 4], body)).toEqual([1, 2, 3, 4])
    expect(await read('text.earlier', { after: 0, limit: 9 })).toEqual({ segments: [], last: null })
    expect(await read('text.earlierSources', { segment: begin })).toEqual([])
    expect(await read('text.earlierSources', { segment: begin + 1 })).toEqual([])
  })

  it('joins nothing of an earlier form with what is renewed: its own turn comes', async () => {
    const { accountId, mailboxId } = await withEmails(4)
    await pack(accountId, 2)
    const texts = await textsOf(accountId)
    const [begin, end] = [texts[0]!.emailId, texts[1]!.emailId]
    const old = texts.map(({ emailId, ...text }, at) => ({ number: at + 3, form: TEXT_FORM - 1, ...text }))
    await put({ accountId, replaced: [], segment: packSegment(begin, end, old) })
    const expunge = { accountId, mailboxId, uids: [{ from: 1, to: 1 }], onlyDeleted: false, at: 5 }
    await get().store.write('message.expunge', expunge)
    const [outdated] = await read('text.outdated', { limit: 9 })
    await put((await read('text.renewed', { segment: outdated!, texts: [] }))!)
    expect(await read('text.earlier', { after: 0, limit: 9 })).toEqual({ segments: [begin], last: null })
    const joined = await read('text.renewed', { segment: begin, texts })
    expect([joined?.replaced.length, joined?.segment?.emails]).toEqual([2, 3])
  })

  it('marks at once what was packed of an email that was removed meanwhile', async () => {
    const { accountId, mailboxId } = await withEmails(3)
    const change = await read('text.packed', { accountId, texts: await textsOf(accountId) })
    const expunge = (from: number, to: number): Promise<unknown> =>
      get().store.write('message.expunge', { accountId, mailboxId, uids: [{ from, to }], onlyDeleted: false, at: 5 })
    await expunge(2, 2)
    await put(change)
    expect(await read('text.outdated', { limit: 9 })).toEqual([change.segment?.segment])
    await put((await read('text.renewed', { segment: change.segment!.segment, texts: [] }))!)
    expect(await find(accountId, [1, 2, 3], { in: 'body', text: 'BODY' })).toEqual([1, -2, 3])
    // Of emails that are all gone nothing is kept.
    await append({ accountId, mailboxId }, 'S4')
    const late = await read('text.packed', { accountId, texts: (await textsOf(accountId)).slice(0, 1) })
    await expunge(1, 4)
    await put((await read('text.renewed', { segment: change.segment!.segment, texts: [] }))!)
    await put({ ...late, replaced: [] })
    expect(await read('text.outdated', { limit: 9 })).toEqual([])
  })

  it('says which accounts have emails behind their texts', async () => {
    const one = await withEmails(5)
    const two = await withEmails(2, 'bob@one.test')
    await pack(one.accountId, 3)
    const waiting = await read('text.waiting', { after: one.accountId - 1, limit: 9 })
    expect(waiting).toEqual([
      { accountId: one.accountId, emails: 2 },
      { accountId: two.accountId, emails: 2 },
    ])
    expect(await read('text.waiting', { after: one.accountId - 1, limit: 1 })).toEqual(waiting.slice(0, 1))
    expect((await read('text.next', { accountId: one.accountId, limit: 9 })).map(({ number }) => number)).toEqual([
      4, 5,
    ])
  })

  it('knows messages by the numbers of their emails', async () => {
    const { accountId, mailboxId } = await withEmails(3)
    const args = { accountId, mailboxId, uids: [{ from: 1, to: 1 }], target: mailboxId, at: 5 }
    await get().store.write('message.copy', args)
    const page = { accountId, mailboxId, from: 2, to: 9, limit: 2 }
    expect(await read('text.numbers', page)).toEqual({ uids: Uint32Array.of(2, 3), numbers: Uint32Array.of(2, 3) })
    expect((await read('text.numbers', { ...page, from: 4 })).numbers).toEqual(Uint32Array.of(1))
  })

  it('forgets all with the account', async () => {
    const { accountId, mailboxId } = await withEmails(3)
    await pack(accountId)
    const expunge = { accountId, mailboxId, uids: [{ from: 1, to: 1 }], onlyDeleted: false, at: 5 }
    await get().store.write('message.expunge', expunge)
    await get().store.write('account.remove', { accountId, at: 9 })
    expect(await read('text.outdated', { limit: 9 })).toEqual([])
    expect(await find(accountId, [1, 2], { in: 'body', text: 'BODY' })).toEqual([-1, -2])
  })
}
