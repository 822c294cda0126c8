/** Several nodes write at once: what is counted is exact, what is given once is given once, and nothing is left over. */
import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPostgresStore } from '../../src/store/postgres/open.ts'
import type { Damage, Store } from '../../src/store/store.ts'
import { postgresPrograms } from '../support/postgres.ts'
import { sharedPostgres } from '../support/shared-postgres.ts'
import {
  all,
  append,
  damagesOf,
  delivery,
  mailboxAt,
  newAccount,
  newEmail,
  newQueueMessage,
  noFlags,
} from './store-fixtures.ts'
import { everything, exactly, newTrace, to } from './trace-fixtures.ts'

const HOUR = 3_600_000

describe.skipIf(postgresPrograms === null)('two nodes on PostgreSQL (skipped where it is not installed)', () => {
  const postgres = sharedPostgres()
  let nodes: [Store, Store]
  let now = Date.now()

  beforeEach(async () => {
    now = Date.now()
    const open = () => openPostgresStore({ url: postgres.url, blobs: postgres.blobFolder, clock: { now: () => now } })
    // Both at once: one makes the schema.
    nodes = await Promise.all([open(), open()])
  })
  afterEach(async () => {
    const damages = await damagesOf(nodes[1])
    await Promise.all(nodes.map(node => node.close()))
    await postgres.empty()
    expect(damages).toEqual([])
  })

  /** `count` times, half of them on each node, all at once. */
  const onBoth = <T>(count: number, action: (node: Store, index: number) => Promise<T>) =>
    Promise.allSettled(Array.from({ length: count }, (_, index) => action(nodes[index % 2]!, index)))
  const valuesOf = <T>(outcomes: PromiseSettledResult<T>[]): T[] =>
    outcomes.map(outcome => {
      if (outcome.status === 'rejected') throw outcome.reason
      return outcome.value
    })

  it('give each message of a mailbox a UID and a MODSEQ of its own, up to the quota and no further', async () => {
    const email = await newEmail(nodes[0], 'y'.repeat(100))
    const { accountId, inbox } = await newAccount(nodes[0], 'ann@one.test', 100 * 70 + 50)
    const accepted = valuesOf(
      await onBoth(100, async (node, index) => {
        const own = await newEmail(node, String(index).padStart(100, 'x'))
        const deliveries = [delivery(accountId, index % 3 === 0 ? email : own)]
        return node.write('message.accept', { deliveries, queue: [], at: index })
      }),
    ).flatMap(({ delivered }) => delivered)
    expect(accepted.map(({ uid }) => uid).sort((a, b) => a - b)).toEqual(Array.from({ length: 70 }, (_, n) => n + 1))
    expect(new Set(accepted.map(({ modseq }) => modseq)).size).toBe(70)
    const inOrder = accepted.toSorted((a, b) => a.uid - b.uid).map(({ modseq }) => modseq)
    expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b))
    expect(await mailboxAt(nodes[1], { accountId, mailboxId: inbox })).toMatchObject({
      messages: 70,
      uidNext: 71,
    })
  })

  it('change flags, copy, move and expunge in one mailbox without losing count', async () => {
    const { accountId, inbox } = await newAccount(nodes[0])
    const other = await nodes[0].write('mailbox.create', { accountId, name: 'Other', specialUse: null, at: 1 })
    await append(
      nodes[0],
      { accountId, mailboxId: inbox },
      Array.from({ length: 40 }, () => noFlags),
    )
    const outcomes = await onBoth(60, async (node, index) => {
      const uid = 1 + (index % 40)
      const place = { accountId, mailboxId: inbox, uids: [{ from: uid, to: uid + 2 }] }
      if (index % 4 === 0)
        return node.write('message.flags', {
          ...place,
          mode: index % 8 === 0 ? 'add' : 'remove',
          flags: { system: 1 + (index % 16), keywords: [`k${index % 5}`] },
          unchangedSince: null,
        })
      if (index % 4 === 1) return node.write('message.copy', { ...place, target: other.mailboxId, at: 1 })
      if (index % 4 === 2) return node.write('message.move', { ...place, target: other.mailboxId, at: 1 })
      return node.write('message.expunge', { ...place, onlyDeleted: false, at: 1 })
    })
    const modseqs = valuesOf(outcomes).map(({ modseq }) => modseq)
    expect((await nodes[1].read('account.byId', { accountId }))!.modseq).toBe(Math.max(...modseqs))
  })

  it('find no damage in what the other removed since, bytes and all', async () => {
    const [verifying, working] = nodes
    const { accountId, inbox } = await newAccount(working)
    const place = { accountId, mailboxId: inbox }
    const large = await newEmail(working, randomBytes(200_000))
    const messages = [{ email: large, flags: noFlags, internalDate: 1 }]
    await working.write('message.append', { ...place, messages, at: 1 })
    // Something to be told of, so that it waits with its snapshot for who hears it.
    await postgres.cluster.query('facteur', 'UPDATE domain SET accounts = accounts + 1')
    const damages: Damage[] = []
    for await (const damage of verifying.verify()) {
      damages.push(damage)
      await working.write('message.expunge', { ...place, uids: all, onlyDeleted: false, at: 1 })
      const sweep = () => working.write('store.sweep', { before: 0, limit: 10 })
      await sweep()
      now += 2 * HOUR
      await sweep()
      expect(await readdir(postgres.blobFolder, { recursive: true })).not.toContainEqual(
        expect.stringContaining(large.blob.hash),
      )
    }
    await postgres.cluster.query('facteur', 'UPDATE domain SET accounts = accounts - 1')
    expect(damages.map(({ table }) => table)).toEqual(['domain'])
  })

  it('rename a mailbox while messages come into it', async () => {
    const { accountId } = await newAccount(nodes[0])
    await nodes[0].write('mailbox.create', { accountId, name: 'A', specialUse: null, at: 1 })
    const { mailboxId } = (await nodes[0].read('mailbox.byName', { accountId, name: 'A' }))!
    const names = ['A', 'B', 'C/d']
    const outcomes = await onBoth(40, async (node, index) =>
      index % 5 === 0
        ? node.write('mailbox.rename', { accountId, mailboxId, name: names[index % 3]!, at: 1 })
        : append(node, { accountId, mailboxId }, [noFlags]),
    )
    const failed = outcomes.filter(({ status }) => status === 'rejected')
    // Onto the name it has.
    for (const one of failed) expect(one).toMatchObject({ reason: { code: 'already-exists' } })
    expect((await mailboxAt(nodes[1], { accountId, mailboxId }))!.messages).toBe(32)
  })

  it('let just as many be sent as a mailbox and its domain may', async () => {
    const { accountId: ann } = await newAccount(nodes[0])
    const { accountId: bob } = await newAccount(nodes[0], 'bob@one.test')
    const defaults = { mailbox: 30, domain: 45 }
    const outcomes = await onBoth(120, (node, index) =>
      node.write('sending.charge', { accountId: index % 4 < 2 ? ann : bob, recipients: 1, defaults, at: 1000 + index }),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(45)
    const gauge = await nodes[1].read('sending.gauge', {
      subject: { kind: 'domain', domain: 'one.test' },
      defaults,
      at: 2000,
    })
    expect(gauge).toMatchObject({ used: 45 })
  })

  it('lease each recipient once, and no more of a destination at once than it may', async () => {
    const recipients = Array.from({ length: 60 }, (_, index) => ({ address: `${index}@${index % 2 ? 'x' : 'y'}.test` }))
    const queue = await newQueueMessage(nodes[0], recipients)
    await nodes[0].write('message.accept', { deliveries: [], queue: [queue], at: 1 })
    const leased = valuesOf(
      await onBoth(20, (node, index) =>
        node.write('queue.lease', { owner: `node ${index % 2}`, now: 10, leaseMs: 1000, limit: 5, perDestination: 12 }),
      ),
    ).flat()
    expect(new Set(leased.map(({ recipientId }) => recipientId)).size).toBe(leased.length)
    expect(leased.filter(({ destination }) => destination === 'x.test')).toHaveLength(12)
    expect(leased).toHaveLength(24)
    // Of a node that is gone, once its lease is over.
    const taken = await nodes[1].write('queue.lease', {
      owner: 'other',
      now: 2000,
      leaseMs: 9,
      limit: 60,
      perDestination: 60,
    })
    expect(taken).toHaveLength(60)
  })

  it('note a message as settled, whoever settles its last recipients at once', async () => {
    for (let round = 0; round < 10; round++) {
      const queue = await newQueueMessage(
        nodes[0],
        [{ address: 'a@x.test' }, { address: 'b@y.test' }],
        `round ${round}`,
      )
      const { queueIds } = await nodes[0].write('message.accept', { deliveries: [], queue: [queue], at: 1 })
      const { recipients } = (await nodes[0].read('queue.show', { queueId: queueIds[0]! }))!
      const result = { at: 5, status: '2.0.0', text: '250', remoteHost: null, remoteAddress: null }
      valuesOf(
        await onBoth(2, (node, index) =>
          node.write('queue.settle', {
            results: [
              {
                recipientId: recipients[index]!.recipientId,
                status: 'delivered',
                nextAttemptAt: 0,
                result,
                delayNotified: false,
                countAttempt: true,
              },
            ],
            reports: [],
            at: 5,
          }),
        ),
      )
    }
  })

  it('take a blob again while it is swept', async () => {
    const { accountId, inbox } = await newAccount(nodes[0])
    const place = { accountId, mailboxId: inbox }
    const contents = Array.from({ length: 4 }, (_, index) => `the same content, number ${index}`)
    await onBoth(120, async (node, index) => {
      if (index % 3 === 0) return node.write('store.sweep', { before: 0, limit: 10 })
      if (index % 3 === 1) return node.write('message.expunge', { ...place, uids: all, onlyDeleted: false, at: 1 })
      const messages = [{ email: await newEmail(node, contents[index % 4]!), flags: noFlags, internalDate: 1 }]
      return node.write('message.append', { ...place, messages, at: 1 })
    }).then(valuesOf)
    for (const { blobHash } of await nodes[1].read('message.withEmail', { ...place, from: 1, to: 1e6, limit: 200 }))
      expect(contents).toContain(Buffer.from(await nodes[1].blobs.read(blobHash)).toString())
    // And nothing that no row names is there for ever.
    await nodes[0].write('message.expunge', { ...place, uids: all, onlyDeleted: false, at: 1 })
    await nodes[0].write('store.sweep', { before: 0, limit: 100 })
    expect(await postgres.cluster.query('facteur', 'SELECT COUNT(*)::int FROM blob')).toEqual([[0]])
  })

  /** While someone else keeps the rows that `text` asks for; returns once `waiting`, which needs them, stands still. */
  async function whileKept<T>(text: string, waiting: () => Promise<T>, act: () => Promise<unknown>): Promise<T> {
    const keeper = new pg.Client({ connectionString: postgres.url })
    await keeper.connect()
    try {
      await keeper.query('BEGIN')
      await keeper.query(`${text} FOR UPDATE`)
      const waits = waiting()
      let isOver = false
      waits.catch(() => {}).finally(() => (isOver = true))
      const stands = async (): Promise<boolean> => {
        const held = await postgres.cluster.query('facteur', 'SELECT COUNT(*)::int FROM pg_locks WHERE NOT granted')
        return isOver || held[0]?.[0] === 1
      }
      await expect.poll(stands).toBe(true)
      await act()
      await keeper.query('COMMIT')
      return await waits
    } finally {
      await keeper.end()
    }
  }

  it('let go of the last name of a blob while it is swept, and leave no note of it', async () => {
    const [ann, bob] = [await newAccount(nodes[0]), await newAccount(nodes[0], 'bob@one.test')]
    const messages = [{ email: await newEmail(nodes[0], 'of both'), flags: noFlags, internalDate: 1 }]
    const places = [ann, bob].map(({ accountId, inbox }) => ({ accountId, mailboxId: inbox }))
    for (const place of places) await nodes[0].write('message.append', { ...place, messages, at: 1 })
    const [first, second] = places.map(
      place => () => nodes[1].write('message.expunge', { ...place, uids: all, onlyDeleted: false, at: 1 }),
    )
    await first!()
    await whileKept(
      'SELECT FROM blob_released',
      () => nodes[0].write('store.sweep', { before: 0, limit: 10 }),
      () => second!(),
    )
    expect(await postgres.cluster.query('facteur', 'SELECT seq FROM blob')).toEqual([])
    expect(await postgres.cluster.query('facteur', 'SELECT blob_seq FROM blob_released')).toEqual([])
  })

  it('deliver to a mailbox while the threads of another are swept', async () => {
    const ann = await newAccount(nodes[0])
    const bob = await newAccount(nodes[0], 'bob@one.test')
    const count = (messages: number) =>
      postgres.cluster.query('facteur', `UPDATE account SET messages = ${messages} WHERE account_id = ${ann.accountId}`)
    // More than one sweep looks at.
    await count(1_000_000)
    await whileKept(
      "SELECT FROM counter WHERE name = 'swept_account'",
      () => nodes[0].write('store.sweep', { before: 0, limit: 10 }),
      () => append(nodes[1], { accountId: bob.accountId, mailboxId: bob.inbox }, [noFlags]),
    )
    await count(0)
  })

  it('give the secret of a link out once', async () => {
    await newAccount(nodes[0])
    await nodes[0].write('credentialLink.add', {
      linkId: 'a',
      tokenHash: 'hash',
      address: 'ann@one.test',
      domain: 'one.test',
      secretEncrypted: Buffer.from('sealed'),
      codeHash: null,
      createdBy: 'staff@one.test',
      at: 1,
      expiresAt: HOUR,
    })
    const outcomes = await onBoth(20, node =>
      node.write('credentialLink.reveal', { linkId: 'a', at: 2, remoteAddress: '192.0.2.1' }),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('make one account of an address, and keep one of the staff', async () => {
    await nodes[0].write('domain.add', { name: 'one.test', at: 1 })
    const account = { address: 'ann@one.test', passwordHash: null, quotaBytes: null, mailboxes: [], at: 1 }
    const made = await onBoth(8, node => node.write('account.add', account))
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of made) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'already-exists' })
    const rest = { role: 'staff' as const, name: '', passwordHash: null, language: null, domains: [], at: 1 }
    const staff = valuesOf(
      await onBoth(4, (node, index) => node.write('principal.add', { address: `s${index}@two.test`, ...rest })),
    )
    const removed = await onBoth(4, (node, index) =>
      node.write('principal.remove', { principalId: staff[index]!.principalId }),
    )
    expect(removed.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  })

  it('follow traces in which none is missed, and index all of them', async () => {
    const wanted = 60
    let { last } = await nodes[0].read('trace.tail', { after: null, limit: 10 })
    const seen: string[] = []
    const follow = async (): Promise<void> => {
      const tail = await nodes[0].read('trace.tail', { after: last, limit: 10 })
      seen.push(...tail.traces.map(({ id }) => id))
      last = tail.last
    }
    const step = { size: 7, keys: 100, before: Number.MAX_SAFE_INTEGER, segmentIds: 1000, segmentMs: HOUR }
    const recorded = onBoth(wanted, (node, index) => {
      const trace = newTrace({ id: `trace-${index}`, recipients: [to(`r${index}@one.test`)] })
      return node.write('trace.record', { traces: [trace], events: [] })
    })
    const followed = (async () => {
      while (seen.length < wanted) {
        await follow()
        await nodes[1].write('trace.index', step)
      }
    })()
    valuesOf(await recorded)
    await followed
    while ((await nodes[1].write('trace.index', step)).indexed > 0);
    expect(seen.toSorted()).toEqual(Array.from({ length: wanted }, (_, index) => `trace-${index}`).sort())
    expect(await nodes[0].read('trace.unindexed', { limit: 10 })).toBe(0)
    for (let index = 0; index < wanted; index++) {
      const search = { ...everything, recipient: exactly(`r${index}@one.test`) }
      expect((await nodes[0].read('trace.search', search)).rows).toHaveLength(1)
    }
  })

  it('see one state of a mailbox in one query, while others change it', async () => {
    const { accountId, inbox } = await newAccount(nodes[0])
    const place = { accountId, mailboxId: inbox }
    await append(
      nodes[0],
      place,
      Array.from({ length: 20 }, () => noFlags),
    )
    let changing = true
    const changes = (async () => {
      for (let round = 0; changing; round++) {
        const flags = { system: round % 2, keywords: [] }
        await nodes[0].write('message.flags', { ...place, uids: all, mode: 'replace', flags, unchangedSince: null })
      }
    })()
    for (let look = 0; look < 30; look++) {
      const rows = await nodes[1].read('message.changedSince', { ...place, since: 0, after: 0, limit: 100 })
      expect(rows).toHaveLength(20)
      expect(new Set(rows.map(({ flags }) => flags.system)).size).toBe(1)
    }
    changing = false
    await changes
  })
})
