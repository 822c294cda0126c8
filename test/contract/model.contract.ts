/** Random sequences of operations against a model that holds mailboxes as plain maps. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Store, StoreError } from '../../src/store/store.ts'
import { Flag, type Flags, type MailboxId } from '../../src/store/types.ts'
import type { GetStore } from './store.contract.ts'
import { damagesOf, delivery, newAccount, newEmail } from './store-fixtures.ts'

/** Low enough that most sequences meet it, in each way that takes room. */
const quotaBytes = 120

interface ModelMessage {
  system: number
  keywords: string[]
  content: string
  modseq: number
}

class ModelMailbox {
  readonly messages = new Map<number, ModelMessage>()
  readonly spellings = new Map<string, string>()
  /** UIDs expunged, by the modseq of the operation. */
  readonly expunged: { uid: number; modseq: number }[] = []
  uidNext = 1

  spell(keywords: readonly string[]): string[] {
    const spelt = keywords.map(keyword => {
      const folded = keyword.toLowerCase()
      if (!this.spellings.has(folded)) this.spellings.set(folded, keyword)
      return this.spellings.get(folded)!
    })
    return [...new Set(spelt)].sort()
  }

  add(message: ModelMessage): void {
    this.messages.set(this.uidNext++, { ...message, keywords: this.spell(message.keywords) })
  }

  within({ from, to }: { from: number; to: number }): [number, ModelMessage][] {
    return [...this.messages].filter(([uid]) => uid >= from && uid <= to).sort(([a], [b]) => a - b)
  }

  remove(uids: number[], modseq: number): void {
    for (const uid of uids) {
      this.messages.delete(uid)
      this.expunged.push({ uid, modseq })
    }
  }
}

const arbitraryFlags = fc.record({
  system: fc.integer({ min: 0, max: 31 }),
  keywords: fc.subarray(['b', 'B', '$c', '$C'], { minLength: 1, maxLength: 2 }),
})
const names = ['A', 'A/b', 'C', 'C/d/e', '📁', '📁/x']
const mailbox = fc.nat(5)
const range = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 }))
  .map(([from, length]) => ({ from, to: length === 9 ? 0xffffffff : from + length }))

const step = fc.oneof(
  fc.record({
    kind: fc.constant('append' as const),
    mailbox,
    messages: fc.array(arbitraryFlags, { maxLength: 4, size: 'max' }),
  }),
  fc.record({
    kind: fc.constant('replace' as const),
    mailbox,
    target: mailbox,
    uid: fc.integer({ min: 1, max: 9 }),
    flags: arbitraryFlags,
  }),
  fc.record({ kind: fc.constant('accept' as const), mailbox }),
  fc.record({
    kind: fc.constant('flags' as const),
    mailbox,
    range,
    mode: fc.constantFrom('add' as const, 'remove' as const, 'replace' as const),
    flags: arbitraryFlags,
    since: fc.option(fc.nat(4)),
  }),
  fc.record({ kind: fc.constantFrom('copy' as const, 'move' as const), mailbox, target: mailbox, range }),
  fc.record({ kind: fc.constant('expunge' as const), mailbox, range, onlyDeleted: fc.boolean() }),
  fc.record({ kind: fc.constant('create' as const), name: fc.constantFrom(...names) }),
  fc.record({ kind: fc.constant('rename' as const), mailbox, name: fc.constantFrom(...names) }),
  fc.record({ kind: fc.constant('delete' as const), mailbox }),
  fc.record({ kind: fc.constant('sweep' as const) }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

class Model {
  readonly mailboxes = new Map<MailboxId, { name: string; box: ModelMailbox }>()
  readonly #store: Store
  readonly #accountId: number
  #contents = 0

  constructor(store: Store, accountId: number, inbox: MailboxId) {
    this.#store = store
    this.#accountId = accountId
    this.mailboxes.set(inbox, { name: 'INBOX', box: new ModelMailbox() })
  }

  get used(): number {
    return [...this.mailboxes.values()]
      .flatMap(({ box }) => [...box.messages.values()])
      .reduce((sum, { content }) => sum + content.length, 0)
  }

  #pick(index: number): [MailboxId, ModelMailbox, string] {
    const entries = [...this.mailboxes]
    const [id, { box, name }] = entries[index % entries.length]!
    return [id, box, name]
  }

  #newContent(): string {
    this.#contents++
    return `${this.#contents % 7}`.repeat(1 + (this.#contents % 20))
  }

  async #attempt<T>(expected: string | null, write: Promise<T>): Promise<T | null> {
    try {
      const result = await write
      expect(expected).toBeNull()
      return result
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      expect(error.code).toBe(expected)
      return null
    }
  }

  async run(step: Step): Promise<void> {
    const accountId = this.#accountId
    const store = this.#store
    switch (step.kind) {
      case 'append': {
        const [mailboxId, box] = this.#pick(step.mailbox)
        const contents = step.messages.map(() => this.#newContent())
        const messages = await Promise.all(
          step.messages.map(async (flags, index) => ({
            email: await newEmail(store, contents[index]!),
            flags,
            internalDate: index,
          })),
        )
        const full = this.used + contents.join('').length > quotaBytes && messages.length > 0
        const write = store.write('message.append', { accountId, mailboxId, messages, at: 1 })
        const result = await this.#attempt(full ? 'over-quota' : null, write)
        if (!result) return
        expect(result.uids).toEqual(messages.map((_, index) => box.uidNext + index))
        for (const [index, flags] of step.messages.entries())
          box.add({ ...flags, content: contents[index]!, modseq: result.modseq })
        return
      }
      case 'replace': {
        const [mailboxId, source] = this.#pick(step.mailbox)
        const [targetId, target] = this.#pick(step.target)
        const { uid, flags } = step
        const content = this.#newContent()
        const messages = [{ email: await newEmail(store, content), flags, internalDate: 1 }]
        const old = source.messages.get(uid)
        const more = content.length - (old?.content.length ?? 0)
        const full = more > 0 && this.used + more > quotaBytes
        const replaces = { mailboxId, uid }
        const write = store.write('message.append', { accountId, mailboxId: targetId, messages, replaces, at: 1 })
        const result = await this.#attempt(old ? (full ? 'over-quota' : null) : 'conflict', write)
        if (!result) return
        expect(result.uids).toEqual([target.uidNext])
        target.add({ ...flags, content, modseq: result.modseq })
        source.remove([uid], result.modseq)
        return
      }
      case 'accept': {
        const [mailboxId, box, name] = this.#pick(step.mailbox)
        const content = this.#newContent()
        const full = this.used + content.length > quotaBytes
        const email = await newEmail(store, content)
        const deliveries = [delivery(accountId, email, name)]
        const { delivered, overQuota } = await store.write('message.accept', { deliveries, queue: [], at: 1 })
        expect(overQuota).toEqual(full ? [accountId] : [])
        if (full) return
        const { modseq } = delivered[0]!
        expect(delivered).toEqual([{ accountId, mailboxId, uid: box.uidNext, modseq }])
        box.add({ system: 0, keywords: [], content, modseq })
        return
      }
      case 'flags':
        return this.#changeFlags(step)
      case 'copy':
      case 'move': {
        const [mailboxId, source] = this.#pick(step.mailbox)
        const [targetId, target] = this.#pick(step.target)
        const moved = source.within(step.range)
        const size = moved.reduce((sum, [, { content }]) => sum + content.length, 0)
        const full = step.kind === 'copy' && moved.length > 0 && this.used + size > quotaBytes
        const args = { accountId, mailboxId, uids: [step.range], target: targetId, at: 1 }
        const write = store.write(step.kind === 'copy' ? 'message.copy' : 'message.move', args)
        const result = await this.#attempt(full ? 'over-quota' : null, write)
        if (!result) return
        expect(result.pairs).toEqual(moved.map(([from], index) => ({ from, to: target.uidNext + index })))
        const uids = moved.map(([uid]) => uid)
        for (const [, message] of moved) target.add({ ...message, modseq: result.modseq })
        if (step.kind === 'move') source.remove(uids, result.modseq)
        return
      }
      case 'expunge': {
        const [mailboxId, box] = this.#pick(step.mailbox)
        const { range, onlyDeleted } = step
        const uids = box
          .within(range)
          .filter(([, { system }]) => !onlyDeleted || system & Flag.Deleted)
          .map(([uid]) => uid)
        const result = await store.write('message.expunge', { accountId, mailboxId, uids: [range], onlyDeleted, at: 1 })
        expect(result.uids).toEqual(uids)
        box.remove(uids, result.modseq)
        return
      }
      case 'create': {
        const exists = this.#find(step.name)
        const create = store.write('mailbox.create', { accountId, name: step.name, specialUse: null, at: 1 })
        await this.#attempt(exists ? 'already-exists' : null, create)
        await this.#learnMailboxes()
        return
      }
      case 'rename': {
        const [mailboxId, box, name] = this.#pick(step.mailbox)
        const inferior = (candidate: string): boolean => candidate.startsWith(`${name}/`)
        const meets = [...this.mailboxes.values()].some(
          other => name !== 'INBOX' && inferior(other.name) && this.#find(step.name + other.name.slice(name.length)),
        )
        const expected = this.#find(step.name)
          ? 'already-exists'
          : name !== 'INBOX' && inferior(step.name)
            ? 'not-allowed'
            : meets
              ? 'already-exists'
              : null
        const rename = store.write('mailbox.rename', { accountId, mailboxId, name: step.name, at: 1 })
        const result = await this.#attempt(expected, rename)
        if (!result) return
        if (name !== 'INBOX')
          for (const each of this.mailboxes.values())
            if (each.name === name || inferior(each.name)) each.name = step.name + each.name.slice(name.length)
        await this.#learnMailboxes()
        if (name === 'INBOX') {
          const all = box.within({ from: 1, to: 0xffffffff })
          for (const [, message] of all) this.#find(step.name)!.add({ ...message, modseq: result.modseq })
          box.remove(
            all.map(([uid]) => uid),
            result.modseq,
          )
        }
        return
      }
      case 'delete': {
        const [mailboxId, , name] = this.#pick(step.mailbox)
        const remove = store.write('mailbox.delete', { accountId, mailboxId, at: 1 })
        if (await this.#attempt(name === 'INBOX' ? 'not-allowed' : null, remove)) this.mailboxes.delete(mailboxId)
        return
      }
      case 'sweep':
        await store.write('store.sweep', { before: 0, limit: 100 })
    }
  }

  async #changeFlags(step: Extract<Step, { kind: 'flags' }>): Promise<void> {
    const accountId = this.#accountId
    const [mailboxId, box] = this.#pick(step.mailbox)
    const { range, mode, flags } = step
    const before = await this.#store.read('account.byId', { accountId })
    const unchangedSince = step.since === null ? null : before!.modseq - step.since
    const result = await this.#store.write('message.flags', {
      accountId,
      mailboxId,
      uids: [range],
      mode,
      flags,
      unchangedSince,
    })
    const within = box.within(range)
    const late = within.filter(([, { modseq }]) => unchangedSince !== null && modseq > unchangedSince)
    expect(result.unmodified).toEqual(late.map(([uid]) => uid))
    const changed: { uid: number; flags: Flags; modseq: number }[] = []
    const spelt = within.length > 0 && mode !== 'remove' ? box.spell(flags.keywords) : flags.keywords
    for (const [uid, message] of within) {
      if (late.some(([lateUid]) => lateUid === uid)) continue
      const folded = new Set(spelt.map(keyword => keyword.toLowerCase()))
      const rest = message.keywords.filter(keyword => !folded.has(keyword.toLowerCase()))
      const after = {
        add: { system: message.system | flags.system, keywords: [...rest, ...spelt].sort() },
        remove: { system: message.system & ~flags.system, keywords: rest },
        replace: { system: flags.system, keywords: spelt },
      }[mode]
      if (after.system === message.system && after.keywords.join() === message.keywords.join()) continue
      Object.assign(message, after, { modseq: result.modseq })
      changed.push({ uid, flags: after, modseq: result.modseq })
    }
    expect(result.changed).toEqual(changed)
  }

  #find(name: string): ModelMailbox | undefined {
    return [...this.mailboxes.values()].find(each => each.name === name)?.box
  }

  /** Superiors come into being by themselves; their ids are the store's to choose. */
  async #learnMailboxes(): Promise<void> {
    for (const { mailboxId, name } of await this.#store.read('mailbox.list', { accountId: this.#accountId }))
      if (!this.mailboxes.has(mailboxId)) this.mailboxes.set(mailboxId, { name, box: new ModelMailbox() })
  }

  async check(): Promise<void> {
    const accountId = this.#accountId
    const store = this.#store
    const account = (await store.read('account.byId', { accountId }))!
    expect(account.usedBytes).toBe(this.used)
    const rows = await store.read('mailbox.list', { accountId })
    expect(rows.map(({ name }) => name).sort()).toEqual([...this.mailboxes.values()].map(({ name }) => name).sort())
    for (const { mailboxId, unseen, deleted, messages, uidNext, highestModseq } of rows) {
      const { box } = this.mailboxes.get(mailboxId)!
      const all = box.within({ from: 1, to: 0xffffffff })
      const count = (test: (message: ModelMessage) => boolean): number => all.filter(([, each]) => test(each)).length
      expect({ unseen, deleted, messages, uidNext }).toEqual({
        unseen: count(({ system }) => !(system & Flag.Seen)),
        deleted: count(({ system }) => Boolean(system & Flag.Deleted)),
        messages: all.length,
        uidNext: box.uidNext,
      })
      const place = { accountId, mailboxId }
      const stored = await store.read('message.withEmail', { ...place, from: 1, to: 0xffffffff, limit: 1000 })
      expect(stored.map(({ uid, flags, modseq }) => ({ uid, ...flags, modseq }))).toEqual(
        all.map(([uid, { system, keywords, modseq }]) => ({ uid, system, keywords, modseq })),
      )
      for (const [index, { blobHash }] of stored.entries())
        expect(Buffer.from(await store.blobs.read(blobHash)).toString()).toBe(all[index]![1].content)
      for (const since of [0, highestModseq - 1, highestModseq - 3]) {
        const changed = await store.read('message.changedSince', { ...place, since, after: 0, limit: 1000 })
        expect(changed.map(({ uid }) => uid)).toEqual(all.filter(([, each]) => each.modseq > since).map(([uid]) => uid))
        const gone = await store.read('message.expungedSince', { ...place, since })
        const uids = gone.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index))
        const expected = box.expunged.filter(({ modseq }) => modseq > since).map(({ uid }) => uid)
        expect(uids).toEqual(expected.sort((a, b) => a - b))
      }
    }
  }
}

export function modelContract(get: GetStore, numRuns: number): void {
  it('leave what a simple model says, and no damage', { timeout: 180_000 }, async () => {
    let accounts = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), async steps => {
        const { store } = get()
        const { accountId, inbox } = await newAccount(store, `user${accounts++}@one.test`, quotaBytes)
        const model = new Model(store, accountId, inbox)
        for (const each of steps) await model.run(each)
        await model.check()
      }),
      // What is found is told even where looking for the shortest case of it would take longer than the test has.
      { numRuns, interruptAfterTimeLimit: 150_000, markInterruptAsFailure: true },
    )
    expect(await damagesOf(get().store)).toEqual([])
  })
}
