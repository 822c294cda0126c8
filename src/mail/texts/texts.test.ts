/** Searches by kept texts, by messages, and by both, against what a simple look at each message says. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { type RandomMessage, randomMessage } from '../../../test/support/random-message.ts'
import { DAY_MS } from '../../ops/durations.ts'
import { silentLog } from '../../ops/log.ts'
import { openSqliteStore } from '../../store/sqlite/open.ts'
import { type Damage, type Store, StoreError } from '../../store/store.ts'
import { packSegment } from '../../store/texts/segment.ts'
import { TEXT_FORM, type TextSearch, TextVerdict } from '../../store/types/texts.ts'
import type { Uid } from '../../store/types.ts'
import { casemap } from '../../wire/mime/casemap.ts'
import { parseMessage } from '../../wire/mime/parser.ts'
import { searchableHeader, searchablePartHeaders, searchableTexts } from '../../wire/mime/text.ts'
import { Breather } from '../breather.ts'
import { LocalChanges } from '../changes.ts'
import { describeEmail } from '../describe.ts'
import { Messages } from '../messages.ts'
import { localRunner } from './jobs.ts'
import { TextKeeper } from './keeper.ts'
import { FAILED_PAUSE_MS, KEPT_BYTES, LONGEST_WAIT_MS, PACKED_EMAILS, QUIET_MS } from './limits.ts'
import { ReadMessage, textOf } from './message-text.ts'

const clock = { now: () => 1_800_000_000_000 }
const { Yes, NotKept } = TextVerdict
const noFlags = { system: 0, keywords: [] }

/** Each text whole, one by one. */
function meets(bytes: Buffer, search: TextSearch): boolean {
  if ('all' in search) return search.all.every(each => meets(bytes, each))
  if ('any' in search) return search.any.some(each => meets(bytes, each))
  if ('not' in search) return !meets(bytes, search.not)
  const root = parseMessage(bytes)
  const lines = [...searchableHeader(root, bytes)].map(casemap)
  const body = [...searchableTexts(root, bytes)].map(text => casemap([...text].join('')))
  switch (search.in) {
    case 'body':
      return search.text === '' || body.some(text => text.includes(search.text))
    case 'message': {
      const parts = [...searchablePartHeaders(root, bytes)].map(casemap)
      return search.text === '' || [...lines, ...parts, ...body].some(text => text.includes(search.text))
    }
    case 'header':
      return lines.some(
        line => line.startsWith(`${search.name}: `) && line.slice(search.name.length + 2).includes(search.text),
      )
    default:
      return describeEmail(bytes).index[search.in].includes(search.text)
  }
}

/** What is looked for: a piece of something that is there, as a rule. */
function searchesIn(messages: readonly RandomMessage[]): fc.Arbitrary<TextSearch> {
  const wholes = [...messages.flatMap(({ texts }) => texts), 'twice', 'nothing', 'ann', 'text/plain', '']
  const needle = fc
    .tuple(fc.constantFrom(...wholes), fc.nat(40), fc.integer({ min: 1, max: 12 }))
    .map(([of, at, length]) => {
      // Not between the halves of a character.
      const characters = [...of]
      const from = at % Math.max(1, characters.length)
      return casemap(characters.slice(from, from + length).join(''))
    })
  const place = fc.constantFrom<'body' | 'message' | 'subject' | 'from'>('body', 'message', 'subject', 'from')
  const name = fc.constantFrom('SUBJECT', 'X-OTHER', 'OTHER', 'CONTENT-TYPE')
  const { search } = fc.letrec<{ search: TextSearch }>(tie => ({
    search: fc.oneof(
      { depthSize: 'small' },
      { weight: 5, arbitrary: fc.record({ in: place, text: needle }) },
      { weight: 2, arbitrary: fc.record({ in: fc.constant('header' as const), name, text: needle }) },
      fc.record({ all: fc.array(tie('search'), { maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('search'), { maxLength: 3 }) }),
      fc.record({ not: tie('search') }),
    ),
  }))
  return search
}

interface World {
  store: Store
  messages: Messages
  keeper: TextKeeper
  accountId: number
  /** What is in each of the two mailboxes, by UID. */
  mailboxes: [Held, Held]
}

interface Held {
  accountId: number
  mailboxId: number
  messages: Map<Uid, RandomMessage>
}

const atRest = () => () => 0

async function world(): Promise<World> {
  const store = await openSqliteStore({ path: ':memory:', clock })
  await store.write('domain.add', { name: 'one.test', at: 0 })
  const mailboxes = [{ name: 'Other', specialUse: null }]
  const account = { address: 'ann@one.test', passwordHash: null, quotaBytes: null, mailboxes, at: 0 }
  const { accountId } = await store.write('account.add', account)
  const held = async (name: string): Promise<Held> => {
    const { mailboxId } = (await store.read('mailbox.byName', { accountId, name }))!
    return { accountId, mailboxId, messages: new Map() }
  }
  const changes = new LocalChanges()
  const runner = localRunner(store)
  return {
    store,
    accountId,
    messages: new Messages(store, changes, clock, runner),
    keeper: new TextKeeper({ store, runner, changes, clock, load: atRest, log: silentLog }),
    mailboxes: [await held('INBOX'), await held('Other')],
  }
}

type Step = (world: World) => Promise<void>

const deliver =
  (messages: readonly RandomMessage[]): Step =>
  async ({ messages: service, mailboxes: [inbox] }) => {
    const received = messages.map(({ bytes }) => ({ bytes, flags: noFlags, internalDate: null }))
    const { uids } = await service.append(inbox, received)
    for (const [at, uid] of uids.entries()) inbox.messages.set(uid, messages[at]!)
  }

/** Some of a mailbox, by chance. */
function chosen({ messages }: Held, choice: number): Uid[] {
  return [...messages.keys()].filter(uid => (choice >> (uid % 20)) & 1)
}

const transfer =
  (how: 'copy' | 'move', from: 0 | 1, to: 0 | 1, choice: number): Step =>
  async ({ messages, mailboxes }) => {
    const [source, target] = [mailboxes[from], mailboxes[to]]
    const uids = chosen(source, choice).map(uid => ({ from: uid, to: uid }))
    const { pairs } = await messages[how](source, uids, uids.length, target.mailboxId)
    const moved = pairs.map(({ from }) => source.messages.get(from)!)
    if (how === 'move') for (const { from } of pairs) source.messages.delete(from)
    for (const [at, { to }] of pairs.entries()) target.messages.set(to, moved[at]!)
  }

const expunge =
  (mailbox: 0 | 1, choice: number): Step =>
  async ({ messages, mailboxes }) => {
    const held = mailboxes[mailbox]
    const uids = chosen(held, choice)
    await messages.expunge(
      held,
      uids.map(uid => ({ from: uid, to: uid })),
      false,
    )
    for (const uid of uids) held.messages.delete(uid)
  }

const pack =
  (atLeast: number): Step =>
  async ({ keeper, accountId }) =>
    void (await keeper.packNext(accountId, atLeast))

const renew: Step = async ({ keeper }) => void (await keeper.renewNext())

const mailbox = fc.constantFrom<0 | 1>(0, 1)
const choice = fc.nat(2 ** 20 - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.array(randomMessage, { minLength: 1, maxLength: 6 }).map(deliver) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 4 }).map(pack) },
  fc.constant(renew),
  fc.tuple(fc.constantFrom('copy' as const, 'move' as const), mailbox, mailbox, choice).map(args => transfer(...args)),
  fc.tuple(mailbox, choice).map(args => expunge(...args)),
)

async function damagesOf(store: Store): Promise<Damage[]> {
  const damages: Damage[] = []
  for await (const damage of store.verify()) damages.push(damage)
  return damages
}

describe('searching texts', () => {
  it('finds what each message says, whatever is kept by then', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.gen(), async (steps, gen) => {
        const here = await world()
        try {
          await deliver([gen(() => randomMessage), gen(() => randomMessage)])(here)
          for (const step of steps) {
            await step(here)
            for (const held of here.mailboxes) {
              const search = gen(() => searchesIn([...held.messages.values()]))
              const uids = Uint32Array.from(held.messages.keys()).sort()
              const found = await here.messages.texts.find(held, uids, search, new Breather())
              const wanted = [...uids].filter(uid => meets(held.messages.get(uid)!.bytes, search))
              expect(found).toEqual(wanted)
            }
          }
          expect(await damagesOf(here.store)).toEqual([])
          while (await here.keeper.renewNext());
          expect(await here.store.read('text.outdated', { limit: 1 })).toEqual([])
          expect(await damagesOf(here.store)).toEqual([])
        } finally {
          await here.store.close()
        }
      }),
      { numRuns: 60 },
    )
  })

  it('finds the words a reader sees', () => {
    fc.assert(
      fc.property(randomMessage, ({ bytes, texts }) => {
        const { body } = textOf(bytes)!
        for (const text of texts) expect(Buffer.from(body).includes(casemap(text))).toBe(true)
      }),
    )
  })

  it('reads the same in a message as in its text, however odd it is', () => {
    const folder = path.resolve(import.meta.dirname, '../../../test/corpus/mime')
    for (const file of readdirSync(folder).filter(name => name.endsWith('.eml'))) {
      const bytes = readFileSync(path.join(folder, file))
      const { header, partHeaders, body } = textOf(bytes)!
      const pieces = (part: Uint8Array): string[] =>
        Buffer.from(part)
          .toString('latin1')
          .split('\xff')
          .slice(0, -1)
          .map(text => Buffer.from(text, 'latin1').toString())
      const message = new ReadMessage(bytes)
      for (const text of [...pieces(header), ...pieces(partHeaders)].filter(text => text !== ''))
        expect(message.has(text), `${file}: ${text}`).toBe(true)
      for (const text of pieces(body).filter(text => text !== '')) expect(message.hasInBody(text), file).toBe(true)
      for (const line of pieces(header)) {
        const name = line.slice(0, line.indexOf(': '))
        expect(message.hasField(name, line.slice(name.length + 2)), `${file}: ${line}`).toBe(true)
      }
    }
  })

  it('keeps no text that is too long, and finds what is in it all the same', async () => {
    const here = await world()
    try {
      const bytes = Buffer.from(`Subject: long\r\n\r\n${'nothing here\r\n'.repeat(KEPT_BYTES / 12)}the needle\r\n`)
      expect(textOf(bytes)).toBeNull()
      const [inbox] = here.mailboxes
      await deliver([
        { bytes, texts: [] },
        { bytes: Buffer.from('\r\nshort needle'), texts: [] },
      ])(here)
      await pack(1)(here)
      const find = (search: TextSearch): Promise<Uid[]> =>
        here.messages.texts.find(inbox, Uint32Array.of(1, 2, 3), search, new Breather())
      expect(await find({ in: 'body', text: 'THE NEEDLE' })).toEqual([1])
      expect(await find({ in: 'body', text: 'NEEDLE' })).toEqual([1, 2])
      expect(await find({ in: 'subject', text: 'LONG' })).toEqual([1])
      expect(await find({ not: { in: 'header', name: 'SUBJECT', text: '' } })).toEqual([2])
    } finally {
      await here.store.close()
    }
  })
})

describe('texts of an earlier form', () => {
  const forwarded = Buffer.from(
    'Content-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment; filename=offer.pdf\r\n\r\nx\r\n--b--\r\n',
  )

  /** A world as an earlier version left it, in segments of one email. */
  async function earlierWorld(count: number): Promise<World> {
    const here = await world()
    const { store, accountId } = here
    await deliver(Array.from({ length: count }, () => ({ bytes: forwarded, texts: [] })))(here)
    for (const { emailId, number, fields } of await store.read('text.next', { accountId, limit: count })) {
      const parts = { ...textOf(forwarded)!, partHeaders: new Uint8Array() }
      const segment = packSegment(emailId, emailId, [{ number, form: TEXT_FORM - 1, fields, parts }])
      await store.write('text.put', { accountId, replaced: [], segment })
    }
    return here
  }
  const find = ({ messages, mailboxes: [inbox] }: World): Promise<Uid[]> =>
    messages.texts.find(
      inbox,
      Uint32Array.from(inbox.messages.keys()).sort(),
      { in: 'message', text: 'OFFER.PDF' },
      new Breather(),
    )
  const verdicts = async ({ store, accountId }: World, count: number): Promise<number[]> => {
    const numbers = Uint32Array.from({ length: count }, (_, at) => at + 1)
    return [...(await store.read('text.find', { accountId, numbers, search: { in: 'message', text: 'OFFER.PDF' } }))]
  }

  it('are made anew from the messages, step by step; until then searches read these', async () => {
    const here = await earlierWorld(3)
    try {
      expect(await find(here)).toEqual([1, 2, 3])
      expect(await verdicts(here, 3)).toEqual([NotKept, NotKept, NotKept])
      expect(await here.keeper.renewNext()).toBe(true)
      expect((await verdicts(here, 3)).filter(verdict => verdict === Yes)).toHaveLength(1)
      while (await here.keeper.renewNext());
      expect(await verdicts(here, 3)).toEqual([Yes, Yes, Yes])
      expect(await find(here)).toEqual([1, 2, 3])
      expect(await damagesOf(here.store)).toEqual([])
    } finally {
      await here.store.close()
    }
  })

  it('stay as they are while a message can’t be read, and are made anew another day', async () => {
    const here = await earlierWorld(2)
    let now = 0
    let isMended = false
    const { store } = here
    const unavailable = new StoreError('unavailable', 'the disk fails to read')
    const read: Store['blobs']['read'] = hash => (isMended ? store.blobs.read(hash) : Promise.reject(unavailable))
    const runner = localRunner({ read: store.read.bind(store), blobs: { read } })
    const changes = new LocalChanges()
    const keeper = new TextKeeper({ store, runner, changes, clock: { now: () => now }, load: atRest, log: silentLog })
    try {
      while (await keeper.renewNext());
      expect(await verdicts(here, 2)).toEqual([NotKept, NotKept])
      expect(await damagesOf(store)).toEqual([])
      isMended = true
      now += DAY_MS
      while (await keeper.renewNext());
      expect(await verdicts(here, 2)).toEqual([Yes, Yes])
    } finally {
      await store.close()
    }
  })

  it('are looked for once a day: a node of the version before may have written some meanwhile', async () => {
    const here = await world()
    let now = 0
    const { store } = here
    const runner = localRunner(store)
    const changes = new LocalChanges()
    const keeper = new TextKeeper({ store, runner, changes, clock: { now: () => now }, load: atRest, log: silentLog })
    const looked = vi.spyOn(store, 'read')
    const looks = () => looked.mock.calls.filter(([name]) => name === 'text.earlier').length
    try {
      expect(await keeper.renewNext()).toBe(false)
      expect(await keeper.renewNext()).toBe(false)
      expect(looks()).toBe(1)
      now += DAY_MS
      expect(await keeper.renewNext()).toBe(false)
      expect(looks()).toBe(2)
    } finally {
      await store.close()
    }
  })
})

describe('keeping texts', () => {
  /** The keeper of a world, by the clock of the timers. */
  function keeperOf(here: World, load: () => number, read = here.store.blobs.read.bind(here.store.blobs)) {
    const { store } = here
    const runner = localRunner({ read: store.read.bind(store), blobs: { read } })
    const clock = { now: Date.now }
    return new TextKeeper({ store, runner, changes: new LocalChanges(), clock, load: () => load, log: silentLog })
  }
  /** A world whose bytes can't be read at first. */
  async function failing(error: Error): Promise<World & { mend: () => void }> {
    const here = await world()
    let isMended = false
    const read: Store['blobs']['read'] = hash => (isMended ? here.store.blobs.read(hash) : Promise.reject(error))
    return { ...here, keeper: keeperOf(here, () => 0, read), mend: () => void (isMended = true) }
  }
  const fakeTimers = (): void =>
    void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  /** What is due next has been planned: once the store has answered. No time passes meanwhile. */
  async function planned(): Promise<void> {
    while (vi.getTimerCount() !== 1) await nextTurn()
  }
  const waiting = async ({ store }: World): Promise<number> => {
    const page = await store.read('text.waiting', { after: 0, limit: 1 })
    return page[0]?.emails ?? 0
  }
  const one: Step = deliver([{ bytes: Buffer.from('\r\nneedle'), texts: [] }])
  const passing = [new StoreError('unavailable', 'the disk fails to read'), new Error('nobody expected this')]

  it.each(passing)('takes no message for damaged that can’t be read at the moment: $message', async error => {
    const here = await failing(error)
    try {
      await one(here)
      await expect(here.keeper.packNext(here.accountId, 1)).rejects.toBe(error)
      expect(await waiting(here)).toBe(1)
      here.mend()
      expect(await here.keeper.packNext(here.accountId, 1)).toBe(true)
      expect(await waiting(here)).toBe(0)
    } finally {
      await here.store.close()
    }
  })

  it.each(passing)('is tried again later where it fails: $message', async error => {
    const here = await failing(error)
    fakeTimers()
    try {
      for (let message = 0; message < PACKED_EMAILS; message++) await one(here)
      const stop = here.keeper.start()
      await planned()
      await vi.advanceTimersByTimeAsync(QUIET_MS)
      await planned()
      here.mend()
      await vi.advanceTimersByTimeAsync(FAILED_PAUSE_MS + QUIET_MS)
      vi.useRealTimers()
      await expect.poll(() => waiting(here)).toBe(0)
      stop()
    } finally {
      vi.useRealTimers()
      await here.store.close()
    }
  })

  it('waits while the service is at work, a minute at the most, then goes on to the end', async () => {
    const here = await world()
    fakeTimers()
    try {
      const steps = 3
      await deliver(Array.from({ length: steps * PACKED_EMAILS }, () => ({ bytes: Buffer.from('\r\nx'), texts: [] })))(
        here,
      )
      const stop = keeperOf(here, () => 1).start()
      await planned()
      const begun = Date.now()
      while (Date.now() < begun + LONGEST_WAIT_MS - QUIET_MS) {
        await vi.advanceTimersByTimeAsync(QUIET_MS)
        await planned()
      }
      expect(await waiting(here)).toBe(steps * PACKED_EMAILS)
      while ((await waiting(here)) > 0) {
        await vi.advanceTimersByTimeAsync(QUIET_MS)
        while (vi.getTimerCount() !== 1 && (await waiting(here)) > 0) await nextTurn()
      }
      expect(Date.now()).toBeLessThan(begun + 2 * LONGEST_WAIT_MS)
      stop()
    } finally {
      vi.useRealTimers()
      await here.store.close()
    }
  })
})
