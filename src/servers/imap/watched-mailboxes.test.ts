import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { superiorOf } from '../../mail/mailbox-name.ts'
import type { MailboxRow } from '../../store/types.ts'
import type { NotifyEvent, NotifyFilter } from '../../wire/imap/command.ts'
import { Interests } from './interests.ts'
import { type Told, WatchedMailboxes } from './watched-mailboxes.ts'

const messages: NotifyEvent[] = ['MessageNew', 'MessageExpunge', 'FlagChange']
const interests = (of: NotifyFilter, events: NotifyEvent[]): Interests => new Interests([{ of, events, items: [] }])

/** An account as the store keeps it: as its operations change mailboxes. */
class Account {
  readonly rows = new Map<number, MailboxRow>()
  readonly subscriptions = new Set<string>()
  modseq = 0
  #nextId = 1
  #validity = 1

  list(): MailboxRow[] {
    return Array.from(this.rows.values(), row => ({ ...row, subscribed: this.subscriptions.has(row.name) }))
  }

  changedSince(since: number): MailboxRow[] {
    return this.list().filter(({ highestModseq }) => highestModseq > since)
  }

  byName(name: string): MailboxRow | undefined {
    return [...this.rows.values()].find(row => row.name === name)
  }

  create(name: string): void {
    if (this.byName(name)) return
    this.modseq++
    const missing: string[] = []
    for (let at: string | null = name; at !== null && !this.byName(at); at = superiorOf(at)) missing.unshift(at)
    for (const one of missing) this.#insert(one)
  }

  #insert(name: string): void {
    this.rows.set(this.#nextId, {
      mailboxId: this.#nextId++,
      accountId: 1,
      name,
      specialUse: null,
      subscribed: false,
      uidValidity: this.#validity++,
      uidNext: 1,
      highestModseq: this.modseq,
      messages: 0,
      unseen: 0,
      deleted: 0,
      sizeBytes: 0,
      recentAbove: 0,
    })
  }

  remove(name: string): void {
    const row = this.byName(name)
    if (!row) return
    this.modseq++
    this.rows.delete(row.mailboxId)
  }

  rename(from: string, to: string): void {
    const row = this.byName(from)
    const inferiors = [...this.rows.values()].filter(({ name }) => name.startsWith(`${from}/`))
    const names = [from, ...inferiors.map(({ name }) => name)].map(name => to + name.slice(from.length))
    if (!row || to.startsWith(`${from}/`) || names.some(name => this.byName(name))) return
    this.modseq++
    const superior = superiorOf(to)
    for (const each of [row, ...inferiors])
      this.rows.set(each.mailboxId, { ...each, name: to + each.name.slice(from.length), highestModseq: this.modseq })
    const missing: string[] = []
    for (let at = superior; at !== null && !this.byName(at); at = superiorOf(at)) missing.unshift(at)
    for (const one of missing) this.#insert(one)
  }

  subscribe(name: string, subscribed: boolean): void {
    if (this.subscriptions.has(name) === subscribed) return
    if (subscribed) this.subscriptions.add(name)
    else this.subscriptions.delete(name)
    this.change(name, {})
  }

  change(name: string, { come = 0, go = 0, read = 0 }): void {
    const row = this.byName(name)
    if (!row) return
    const [messages, unseen] = [row.messages + come - go, row.unseen + come - go - read]
    if (messages < 0 || unseen < 0) return
    this.modseq++
    const counts = { messages, unseen, uidNext: row.uidNext + come }
    this.rows.set(row.mailboxId, { ...row, ...counts, highestModseq: this.modseq })
  }
}

/** What a client believes that is told of all of it. */
class Believer {
  names = new Map<string, string>()
  readonly subscribed = new Set<string>()

  hear(told: readonly Told[]): void {
    for (const each of told)
      if ('list' in each) {
        const { name, attributes, oldName } = each.list
        if (oldName !== undefined)
          this.names = new Map(
            Array.from(this.names, ([at, state]) =>
              at === oldName || at.startsWith(`${oldName}/`) ? [name + at.slice(oldName.length), state] : [at, state],
            ),
          )
        if (attributes.includes('\\NonExistent')) this.names.delete(name)
        else {
          if (!this.names.has(name)) this.names.set(name, '')
          if (attributes.includes('\\Subscribed')) this.subscribed.add(name)
          else this.subscribed.delete(name)
        }
      } else this.names.set(each.status.name, stateOf(each.status))
  }
}

const stateOf = ({ messages, uidNext, uidValidity, unseen }: MailboxRow): string =>
  [messages, uidNext, uidValidity, unseen].join(' ')

const name = fc.constantFrom<string>('a', 'b', 'c', 'a/x', 'a/x/y', 'b/x', 'b/x/y', 'c/z')
const count = fc.nat(2)
const step = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), name }),
  fc.record({ kind: fc.constant('remove' as const), name }),
  fc.record({ kind: fc.constant('rename' as const), name, to: name }),
  fc.record({ kind: fc.constant('subscribe' as const), name, on: fc.boolean() }),
  fc.record({ kind: fc.constant('change' as const), name, come: count, go: count, read: count }),
  fc.record({ kind: fc.constant('look' as const) }),
)

function perform(
  account: Account,
  done: Exclude<typeof step extends fc.Arbitrary<infer T> ? T : never, { kind: 'look' }>,
) {
  switch (done.kind) {
    case 'create':
      return account.create(done.name)
    case 'remove':
      return account.remove(done.name)
    case 'rename':
      return account.rename(done.name, done.to)
    case 'subscribe':
      return account.subscribe(done.name, done.on)
    case 'change':
      return account.change(done.name, done)
  }
}

/** As Notifications does it. */
function look(account: Account, watched: WatchedMailboxes, since: number): { told: Told[]; isAll: boolean } {
  const changed = account.changedSince(since)
  const isAll = watched.misses(account.rows.size, changed)
  const told = watched.update(
    { rows: isAll ? account.list() : changed, isAll, ownUpTo: since, isOwn: false },
    { selected: null, condstore: false },
  )
  return { told, isAll }
}

describe('watched mailboxes', () => {
  it('are as the client believes them to be that is told of everything, however much happens between two looks', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.uniqueArray(name), (steps, first) => {
        const account = new Account()
        for (const each of first) account.create(each)
        const all = interests({ filter: 'personal' }, [...messages, 'MailboxName', 'SubscriptionChange'])
        const watched = new WatchedMailboxes(all, account.list())
        const client = new Believer()
        for (const row of account.list()) client.names.set(row.name, stateOf(row))
        let since = account.modseq
        for (const done of [...steps, { kind: 'look' as const }]) {
          if (done.kind !== 'look') {
            perform(account, done)
            continue
          }
          client.hear(look(account, watched, since).told)
          since = account.modseq
          const rows = account.list()
          expect(Object.fromEntries(client.names)).toEqual(
            Object.fromEntries(rows.map(row => [row.name, stateOf(row)])),
          )
          const there = rows.filter(({ subscribed }) => subscribed).map(row => row.name)
          expect([...client.subscribed].filter(one => client.names.has(one)).sort()).toEqual(there.sort())
          expect(watched.size).toBe(rows.length)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('are told of by name alone, where that was asked for, whatever becomes of the others', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.uniqueArray(name), (steps, names) => {
        const account = new Account()
        account.create('a/x')
        const watched = new WatchedMailboxes(interests({ filter: 'mailboxes', names }, messages), account.list())
        const told = new Map(account.list().map(row => [row.name, stateOf(row)]))
        let since = account.modseq
        for (const done of [...steps, { kind: 'look' as const }]) {
          if (done.kind !== 'look') {
            perform(account, done)
            continue
          }
          for (const each of look(account, watched, since).told) {
            if ('list' in each) throw new Error('a name was told')
            expect(names).toContain(each.status.name)
            told.set(each.status.name, stateOf(each.status))
          }
          since = account.modseq
          for (const row of account.list()) if (names.includes(row.name)) expect(told.get(row.name)).toBe(stateOf(row))
          expect(watched.size).toBeLessThanOrEqual(names.length)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('a circle of names', () => {
  it('is told as gone and new, and the rest by what it was called', () => {
    const account = new Account()
    for (const each of ['a', 'b', 'c']) account.create(each)
    const watched = new WatchedMailboxes(interests({ filter: 'personal' }, ['MailboxName']), account.list())
    const since = account.modseq
    account.rename('a', 'x')
    account.rename('c', 'a')
    account.rename('x', 'c')
    account.rename('b', 'y')
    const lists = look(account, watched, since).told.map(each => ('list' in each ? each.list : null))
    expect(lists).toEqual([
      { name: 'y', attributes: ['\\HasNoChildren'], oldName: 'b' },
      { name: 'a', attributes: ['\\NonExistent', '\\HasNoChildren'] },
      { name: 'c', attributes: ['\\NonExistent', '\\HasNoChildren'] },
      { name: 'c', attributes: ['\\HasNoChildren'] },
      { name: 'a', attributes: ['\\HasNoChildren'] },
    ])
  })
})
