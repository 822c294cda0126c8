/**
 * Several sessions change one mailbox at random. Each client believes what it is told, and nothing else: its sequence numbers
 * must stand for the messages they stand for here, also where NOTIFY (SELECTED-DELAYED) tells between commands, and what changed
 * since any mod-sequence must be the difference between then and now. No message is \Recent in two of them.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ADDRESS, type ImapWorld, imapConnection, imapWorld, PASSWORD } from '../../../test/transcripts/imap-world.ts'
import { PAGE_ROWS } from '../../mail/messages.ts'

class Client {
  /** UIDs by sequence number; null where none was told yet. */
  readonly uids: (number | null)[] = []
  readonly flags = new Map<number, string>()
  readonly vanished = new Set<number>()
  /** All that were ever \Recent, and how many the client was told are. */
  readonly recent = new Set<number>()
  recentTold = 0
  uidValidity = 0
  highestModseq = 0
  #said = ''
  readonly #receive: (bytes: Uint8Array) => Promise<void>
  readonly #qresync: boolean
  /** Says no sequence number, and must be told none. */
  readonly uidOnly: boolean

  private constructor(world: ImapWorld, qresync: boolean, uidOnly: boolean) {
    this.#qresync = qresync
    this.uidOnly = uidOnly
    const session = world.createSession(imapConnection(text => void (this.#said += text)))
    this.#receive = bytes => session.receive(bytes)
  }

  static async open(
    world: ImapWorld,
    { qresync = false, uidOnly = false, since = '', notify = false } = {},
  ): Promise<Client> {
    const client = new Client(world, qresync, uidOnly)
    await client.command(`LOGIN ${ADDRESS} ${PASSWORD}`)
    if (qresync) await client.command('ENABLE QRESYNC')
    if (uidOnly) await client.command('ENABLE UIDONLY')
    await client.command(`SELECT INBOX${since}`)
    if (since === '') await client.learn()
    if (notify) await client.command('NOTIFY SET (selected-delayed (MessageNew MessageExpunge FlagChange))')
    return client
  }

  /** Does as told in the untagged answers; `byNumber`: no message may lose its number meanwhile (RFC 9051 §7.5.1). */
  async command(text: string, byNumber = false, ends = /^t OK/): Promise<void> {
    // Who is told of messages by UID has to know theirs (RFC 7162 §3.2.10).
    const isByUid = this.#qresync || this.uidOnly
    if (this.listen() && isByUid) await this.learn()
    await this.#receive(Buffer.from(`t ${text}\r\n`))
    const lines = this.#said.split('\r\n').slice(0, -1)
    const end = lines.findIndex(line => line.startsWith('t '))
    expect(lines[end]).toMatch(ends)
    this.#said = ''
    let exists = this.#hear(lines.slice(0, end), byNumber)
    this.#tagged(lines[end]!)
    exists = this.#hear(lines.slice(end + 1), true) || exists
    if (exists && isByUid && !text.includes('QRESYNC')) await this.learn()
  }

  /** What NOTIFY told between commands takes no message its number: SELECTED-DELAYED was asked for. */
  listen(): boolean {
    const lines = this.#said.split('\r\n').slice(0, -1)
    this.#said = ''
    return this.#hear(lines, true)
  }

  /** Whether new messages were told. */
  #hear(lines: readonly string[], byNumber: boolean): boolean {
    let exists = false
    for (const line of lines) {
      const [, number = '', what = ''] = /^\* (\d+) (EXISTS|RECENT|EXPUNGE|FETCH|UIDFETCH)/.exec(line) ?? []
      if (this.uidOnly) expect(line).not.toMatch(/ FETCH | EXPUNGE|\[UNSEEN/)
      const vanished = /^\* VANISHED (?:\(EARLIER\) )?(\S+)$/.exec(line)?.[1]
      if (what === 'EXPUNGE' || vanished !== undefined) expect(byNumber, line).toBe(false)
      if (what === 'EXISTS') {
        expect(Number(number)).toBeGreaterThanOrEqual(this.uids.length)
        while (this.uids.length < Number(number)) this.uids.push(null)
        exists = true
      } else if (what === 'RECENT') this.recentTold = Number(number)
      else if (what === 'EXPUNGE') {
        expect(Number(number)).toBeLessThanOrEqual(this.uids.length)
        const [uid] = this.uids.splice(Number(number) - 1, 1)
        if (uid) this.flags.delete(uid)
      } else if (what === 'FETCH') this.#fetched(Number(number), line)
      else if (what === 'UIDFETCH') this.#fetchedByUid(Number(number), line)
      else if (vanished !== undefined)
        for (const uid of numbersOf(vanished)) this.#vanished(uid, line.includes('EARLIER'))
      this.#tagged(line)
    }
    return exists
  }

  #tagged(line: string): void {
    this.uidValidity = Number(/UIDVALIDITY (\d+)/.exec(line)?.[1] ?? this.uidValidity)
    this.highestModseq = Number(/HIGHESTMODSEQ (\d+)/.exec(line)?.[1] ?? this.highestModseq)
  }

  async learn(): Promise<void> {
    const first = this.uids.indexOf(null)
    if (first < 0) return
    if (this.uidOnly) await this.command(`UID FETCH ${(this.uids[first - 1] ?? 0) + 1}:* FLAGS`)
    else await this.command(`FETCH ${first + 1}:* (UID FLAGS)`, true)
  }

  #fetched(number: number, line: string): void {
    expect(number).toBeLessThanOrEqual(this.uids.length)
    const told = /UID (\d+)/.exec(line)?.[1]
    const uid = told ? Number(told) : this.uids[number - 1]
    if (told && this.uids[number - 1] !== null) expect(this.uids[number - 1], line).toBe(uid)
    if (!uid) return
    this.uids[number - 1] = uid
    this.#flagsTold(uid, line)
  }

  /** New ones come in order. */
  #fetchedByUid(uid: number, line: string): void {
    if (!this.uids.includes(uid)) this.uids[this.uids.indexOf(null)] = uid
    this.#flagsTold(uid, line)
  }

  #flagsTold(uid: number, line: string): void {
    const flags = /FLAGS \(([^)]*)\)/.exec(line)?.[1]
    if (flags === undefined) return
    const names = flags.split(' ')
    if (names.includes('\\Recent')) this.recent.add(uid)
    this.flags.set(
      uid,
      names
        .filter(name => name !== '\\Recent')
        .sort()
        .join(' '),
    )
  }

  #vanished(uid: number, earlier: boolean): void {
    this.vanished.add(uid)
    let at = this.uids.indexOf(uid)
    // Of one that went before its UID was told, its place among the others is known.
    if (at < 0 && !earlier)
      at = this.uids.findIndex((known, index) => known === null && !this.uids.slice(index).some(isBelow(uid)))
    if (at < 0) return
    this.uids.splice(at, 1)
    this.flags.delete(uid)
  }

  get state(): [number | null, string | undefined][] {
    return this.uids.map(uid => [uid, uid === null ? undefined : this.flags.get(uid)])
  }
}

const isBelow =
  (uid: number) =>
  (known: number | null): boolean =>
    known !== null && known < uid

function numbersOf(set: string): number[] {
  return set.split(',').flatMap(range => {
    const [from = 0, to = from] = range.split(':').map(Number)
    return Array.from({ length: to - from + 1 }, (_, index) => from + index)
  })
}

const session = fc.nat(4)
const place = fc.nat(30)
const flag = fc.constantFrom('\\Seen', '\\Deleted', '\\Flagged', 'Keyword')
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('store' as const),
      session,
      from: place,
      to: place,
      sign: fc.constantFrom('+', '-', ''),
      silent: fc.boolean(),
      uid: fc.boolean(),
      flag,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('expunge' as const), session }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('noop' as const), session }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('move' as const), session, from: place, to: place }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('replace' as const), session, at: place, uid: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fetch' as const), session, from: place, to: place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('turn' as const) }) },
)

/** Two numbers of 1…count as a set. */
const within = (from: number, to: number, count: number): string => `${1 + (from % count)}:${1 + (to % count)}`

it('are told of the same messages under the same numbers, and of all that changed since any mod-sequence', {
  timeout: 180_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), async steps => {
      const world = await imapWorld()
      try {
        const clients = await Promise.all(
          [0, 1, 2, 3, 4].map(index =>
            Client.open(world, { qresync: index > 1 && index < 4, uidOnly: index === 4, notify: index % 2 > 0 }),
          ),
        )
        const looks: Client[] = []
        for (const each of steps) {
          if (each.kind === 'append')
            for (let at = 0; at < each.count; at++) await world.deliver('INBOX', Buffer.from(`Subject: x${at}\r\n\r\n`))
          else if (each.kind === 'turn') for (let turns = 0; turns < 3; turns++) await nextTurn()
          else if (each.kind === 'look') looks.push(await Client.open(world, { qresync: true }))
          else {
            const client = clients[each.session]!
            const count = client.uids.length
            if (each.kind === 'noop') await client.command('NOOP')
            else if (each.kind === 'expunge') await client.command('EXPUNGE')
            else if (count === 0) continue
            else if (each.kind === 'move') await client.command(`UID MOVE ${each.from + 1}:${each.to + 1} Trash`)
            else if (each.kind === 'replace') {
              const { at } = each
              const uid = each.uid || client.uidOnly
              const named = uid ? `UID REPLACE ${client.uids[at % count] ?? '*'}` : `REPLACE ${1 + (at % count)}`
              // Another session may have expunged it.
              await client.command(
                `${named} INBOX (Keyword) {15+}\r\nSubject: z\r\n\r\nz`,
                false,
                /^t (?:OK|NO \[EXPUNGEISSUED\])/,
              )
            } else if (each.kind === 'fetch') {
              if (client.uidOnly) await client.command(`UID FETCH ${each.from + 1}:${each.to + 1} FLAGS`)
              else await client.command(`FETCH ${within(each.from, each.to, count)} FLAGS`, true)
            } else {
              const uid = each.uid || client.uidOnly
              const item = `${each.sign}FLAGS${each.silent ? '.SILENT' : ''}`
              const set = uid ? `${each.from + 1}:${each.to + 1}` : within(each.from, each.to, count)
              await client.command(`${uid ? 'UID ' : ''}STORE ${set} ${item} (${each.flag})`, !uid)
              // Who does not ask to be told knows what he did (RFC 9051 §6.4.6), which this client does not: it asks.
              if (each.silent) await client.command(`${uid ? 'UID ' : ''}FETCH ${set} FLAGS`, !uid)
            }
          }
        }
        const truth = (await Client.open(world)).state
        for (const client of clients) {
          await client.command('NOOP')
          await client.learn()
          expect(client.state).toEqual(truth)
          expect(client.uids.filter(uid => uid !== null && client.recent.has(uid))).toHaveLength(client.recentTold)
        }
        const recent = [...clients, ...looks].flatMap(client => [...client.recent])
        expect(new Set(recent).size).toBe(recent.length)
        for (const { uids, flags, uidValidity, highestModseq } of looks) {
          const again = await Client.open(world, { qresync: true })
          expect(again.highestModseq).toBeGreaterThanOrEqual(highestModseq)
          const resumed = await resume(world, { uids, flags, uidValidity, highestModseq })
          expect(resumed).toEqual(truth)
        }
        expect(world.logged.filter(({ level }) => level === 'error')).toEqual([])
      } finally {
        await world.close()
      }
    }),
    { numRuns: Number(process.env.FACTEUR_RUNS ?? 25) },
  )
})

it('are told nothing older than what a later page of a report said', async () => {
  const world = await imapWorld()
  try {
    const last = PAGE_ROWS + 1
    for (let at = 0; at < last; at++) await world.deliver('INBOX', Buffer.from('Subject: x\r\n\r\n'))
    const [another, client] = [await Client.open(world, { qresync: true }), await Client.open(world, { qresync: true })]
    await another.command('STORE 1:* +FLAGS.SILENT (\\Seen)')
    const third = await Client.open(world, { qresync: true })
    const read = world.messages.changes.bind(world.messages)
    world.messages.changes = async (...asked) => {
      world.messages.changes = read
      const changes = await read(...asked)
      return (
        changes && {
          ...changes,
          async changedAfter(uid) {
            await another.command(`STORE ${last} +FLAGS.SILENT (\\Answered)`)
            // Read for the third, and kept for whoever knows as much; of the change behind it nobody hears yet.
            await third.command('NOOP')
            await world.directives.flag!('INBOX', String(last))
            return changes.changedAfter(uid)
          },
        }
      )
    }
    await client.command('NOOP')
    expect(client.flags.get(last)).toBe('\\Answered \\Flagged \\Seen')
    await client.command('SEARCH ALL')
    expect(client.flags.get(last)).toBe('\\Answered \\Flagged \\Seen')
  } finally {
    await world.close()
  }
})

/** What a client knew then, brought up to date with what QRESYNC tells. */
async function resume(
  world: ImapWorld,
  then: Pick<Client, 'uids' | 'flags' | 'uidValidity' | 'highestModseq'>,
): Promise<Client['state']> {
  const client = await Client.open(world, {
    qresync: true,
    since: ` (QRESYNC (${then.uidValidity} ${Math.max(1, then.highestModseq)}))`,
  })
  // EXISTS made room; what vanished was not there any more. The others keep their order, and new ones come behind.
  const changed = client.state.filter(([uid]) => uid !== null)
  const known = then.uids.filter((uid): uid is number => uid !== null && !client.vanished.has(uid))
  const flags = new Map([...then.flags, ...client.flags])
  const added = changed.map(([uid]) => uid!).filter(uid => !then.uids.includes(uid))
  return [...known, ...added].map(uid => [uid, flags.get(uid)])
}
