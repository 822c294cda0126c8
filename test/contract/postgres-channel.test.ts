/** Questions of one turn on one connection, as a real server answers them. */
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Channel } from '../../src/store/postgres/channel.ts'
import { PgChannels } from '../../src/store/postgres/pg-channels.ts'
import { type Cluster, postgresPrograms, startCluster } from '../support/postgres.ts'

const named = (name: string, text: string, ...parameters: (string | Uint8Array | null)[]) => ({
  name,
  text,
  parameters,
})
const one = named('one', 'SELECT 1 AS n')
const fails = named('fails', "SELECT CAST($1 AS int), 'text'", 'none')

describe.skipIf(postgresPrograms === null)('a channel (skipped where PostgreSQL is not installed)', () => {
  let cluster: Cluster
  let url: string
  let channels: PgChannels
  let channel: Channel

  beforeAll(async () => {
    cluster = await startCluster()
    url = await cluster.createDatabase('facteur')
  })
  afterAll(() => cluster.dispose())
  beforeEach(async () => {
    channels = new PgChannels(url)
    channel = await channels.take()
    await channel.ask({ text: 'CREATE TABLE kept (n int PRIMARY KEY, text text, bytes bytea)' })
  })
  afterEach(async () => {
    channels.give(channel, false)
    await channels.close()
    await cluster.query('facteur', 'DROP TABLE kept')
  })

  it('answers each of those asked together with its own rows, kinds and count', async () => {
    const bytes = Uint8Array.of(0, 255, 13, 10)
    const add = (n: number, text: string | null) =>
      named('add', 'INSERT INTO kept VALUES ($1, $2, $3)', String(n), text, n === 1 ? bytes : null)
    const all = named('all', 'SELECT n, text, bytes, n > 1 FROM kept ORDER BY n')
    const change = named('change', 'UPDATE kept SET text = $1 WHERE n >= $2', '"é', '1')
    const answers = await Promise.all([
      channel.ask(add(1, 'first')),
      channel.ask(add(2, null)),
      channel.ask(all),
      channel.ask(change),
      channel.ask(all),
      channel.ask(named('none', 'SELECT n FROM kept WHERE n = $1', '3')),
    ])
    expect(answers.map(({ command, count }) => `${command} ${count}`)).toEqual([
      'INSERT 1',
      'INSERT 1',
      'SELECT 2',
      'UPDATE 2',
      'SELECT 2',
      'SELECT 0',
    ])
    expect(answers[2]!.rows).toEqual([
      [1, 'first', bytes, 0],
      [2, null, null, 1],
    ])
    expect(answers[4]!.rows).toEqual([
      [1, '"é', bytes, 0],
      [2, '"é', null, 1],
    ])
    expect(answers[5]!.rows).toEqual([])
    // The columns, told once, are those of later answers too.
    expect((await channel.ask(all)).rows).toEqual(answers[4]!.rows)
  })

  it('lets go of the rows it has answered: the collector of what is young gets them back', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void
    const many = named('many', "SELECT n, repeat('x', 1000) || n FROM generate_series(1, 500) AS n")
    const read = async (): Promise<void> => {
      await channel.ask(many).then(() => {})
      await setImmediate()
      // What it finds twice is taken for old.
      for (let i = 0; i < 2; i++) collect({ type: 'minor' })
    }
    await read()
    collect({ type: 'major' })
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < 20; i++) await read()
    // Of 11 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2_000_000)
  })

  it('fails all of those asked together where one of them fails, and nothing of them is done', async () => {
    const add = named('add', 'INSERT INTO kept (n) VALUES ($1)', '1')
    const asked = [channel.ask(add), channel.ask(fails), channel.ask(one)]
    for (const answer of await Promise.allSettled(asked))
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: '22P02' } })
    expect((await channel.ask({ text: 'SELECT COUNT(*) FROM kept' })).rows).toEqual([[0]])
  })

  it('prepares anew what may not have been prepared, whether it stood before what failed or behind it', async () => {
    const add = named('add', 'INSERT INTO kept (n) VALUES ($1)', '1')
    const again = named('add', 'INSERT INTO kept (n) VALUES ($1)', '2')
    await Promise.allSettled([channel.ask(add), channel.ask(fails), channel.ask(one)])
    const [added, asked] = await Promise.all([channel.ask(add), channel.ask(one), channel.ask(again)])
    expect([added.count, asked.rows]).toEqual([1, [[1]]])
    // What is prepared since another turn stays so.
    await Promise.allSettled([channel.ask(add), channel.ask(fails)])
    expect((await channel.ask(one)).rows).toEqual([[1]])
  })

  it('asks what has no name by itself, in its place: also where what stands before it fails', async () => {
    const add = (n: number) => named('add', 'INSERT INTO kept (n) VALUES ($1)', String(n))
    const done = await Promise.allSettled([
      channel.ask(named('begin', 'BEGIN')),
      channel.ask(add(1)),
      channel.ask({ text: 'COMMIT' }),
      channel.ask(named('begin', 'BEGIN')),
      channel.ask(add(2)),
      channel.ask(fails),
      channel.ask({ text: 'COMMIT' }),
      channel.ask(add(3)),
    ])
    expect(done.map(answer => (answer.status === 'fulfilled' ? answer.value.command : 'failed'))).toEqual([
      'BEGIN',
      'INSERT',
      'COMMIT',
      'failed',
      'failed',
      'failed',
      // The transaction was open, and is no more.
      'ROLLBACK',
      'INSERT',
    ])
    expect((await channel.ask({ text: 'SELECT n FROM kept ORDER BY n' })).rows).toEqual([[1], [3]])
  })

  it('takes parameters of what has no name, too', async () => {
    const added = await channel.ask({ text: 'INSERT INTO kept (n, text) VALUES ($1, $2)', parameters: ['7', 'seven'] })
    expect(added.count).toBe(1)
    const asked = { text: 'SELECT text FROM kept WHERE n = $1', parameters: ['7'] }
    expect((await channel.ask(asked)).rows).toEqual([['seven']])
  })

  it('is one for all look-ups, until it breaks', async () => {
    const { forLookUps } = channels
    const [first, second] = await Promise.all([forLookUps.take(), forLookUps.take()])
    expect(second).toBe(first)
    forLookUps.give(first, false)
    expect(await forLookUps.take()).toBe(first)
    forLookUps.give(first, true)
    // Whoever else had it says so as well, when another is there already.
    const next = await forLookUps.take()
    forLookUps.give(second, true)
    expect(next).not.toBe(first)
    expect(await forLookUps.take()).toBe(next)
    expect((await next.ask(one)).rows).toEqual([[1]])
  })

  it('fails what is asked of a server that ends the connection', async () => {
    const [[pid]] = (await channel.ask({ text: 'SELECT pg_backend_pid()' })).rows as [[number]]
    const asked = [channel.ask(named('sleep', 'SELECT pg_sleep(60)')), channel.ask(one)]
    const ended = Promise.allSettled(asked)
    await cluster.query('facteur', `SELECT pg_terminate_backend(${pid})`)
    for (const answer of await ended) expect(answer.status).toBe('rejected')
    await expect(channel.ask(one)).rejects.toThrow()
    channels.give(channel, true)
    channel = await channels.take()
    expect((await channel.ask(one)).rows).toEqual([[1]])
  })
})
