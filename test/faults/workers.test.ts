/**
 * A service of two workers, on either store: what is done on one is heard on the other, and under a load of deliveries, submissions,
 * changes over IMAP and POP3's deletions a worker is killed, or the process that started them. What was acknowledged is there
 * once, and `verify` finds nothing. FACTEUR_FAULT_ROUNDS: so many of each.
 */
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, deliver, imapClient } from '../integration/fixtures/nodes.ts'
import type { Service } from '../integration/service.ts'
import { holderOf } from '../support/holder-of.ts'
import { postgresPrograms } from '../support/postgres.ts'
import { hasRedis } from '../support/redis.ts'
import type { Deaths } from './arrivals.ts'
import type { Ledger } from './ledger.ts'
import { Gone, type LineClient } from './line-client.ts'
import { NodesWorld } from './nodes-world.ts'
import { type Random, seeded } from './random.ts'
import { World } from './world.ts'

const rounds = Number(process.env.FACTEUR_FAULT_ROUNDS ?? 1)
const seed = Number(process.env.FACTEUR_FAULT_SEED ?? Math.floor(Math.random() * 2 ** 32))
/** What isn't back by then doesn't come back by itself. */
const recoveryMs = 120_000
/** Whose mail no load changes. */
const user = 'sender@example.org'

interface Under {
  readonly ledger: Ledger
  readonly deaths: Deaths
  begin(): Promise<void>
  working(): Promise<void>
  examine(): Promise<void>
  close(): Promise<void>
}

interface NodeStatus {
  pid: number
  state: string
  notices: string
}

/** `hasWriter`: the process that starts the workers has the store's writer. */
function twoWorkers(hasWriter: boolean, open: (random: Random) => Promise<{ world: Under; service: Service }>): void {
  const random = seeded(seed)
  let world: Under
  let service: Service
  beforeAll(async () => {
    ;({ world, service } = await open(random))
  }, 180_000)
  afterAll(async () => world?.close())

  async function nodes(): Promise<NodeStatus[]> {
    const { stdout } = await service.cli(['cluster', 'status', '--json'])
    return (JSON.parse(stdout) as { nodes: NodeStatus[] }).nodes
  }
  const pids = async (): Promise<number[]> => (await nodes()).map(({ pid }) => pid)

  /** On a connection of its own: one that is kept for the next question ends, or hangs, with the worker that has it. */
  async function health(): Promise<{ ok: boolean; workers: { up: number; of: number } }> {
    // As a load balancer does.
    const signal = AbortSignal.timeout(3_000)
    const asked = get({ host: '127.0.0.1', port: service.ports.http, path: '/healthz', agent: false, signal })
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    return json(answer) as ReturnType<typeof health>
  }

  async function allUp(): Promise<void> {
    // One that dies takes a connection with it that it was about to answer.
    const up = async (): Promise<number> => (await health().catch(() => ({ workers: { up: 0 } }))).workers.up
    for (const until = performance.now() + recoveryMs; (await up()) < 2; await sleep(100))
      if (performance.now() > until) throw new Error('a worker does not come back')
  }

  /** Signed in on each of the two, with the process that serves it. */
  async function oneOnEach(): Promise<{ client: LineClient; pid: number }[]> {
    const workers = await pids()
    const found = new Map<number, LineClient>()
    for (let tries = 0; found.size < 2; tries++) {
      if (tries === 50) throw new Error('all connections go to one worker')
      const client = await imapClient(service, user)
      const pid = holderOf(client.port, service.ports.imap, workers)
      if (pid === null || found.has(pid)) client.close()
      else found.set(pid, client)
    }
    return [...found].map(([pid, client]) => ({ pid, client }))
  }

  it('tells each worker at once what was done on the other', async () => {
    const both = await oneOnEach()
    const [one, other] = both.map(({ client }) => client) as [LineClient, LineClient]
    try {
      let opened = 0
      for (const client of [one, other]) {
        const selected = await ask(client, 'SELECT INBOX (CONDSTORE)')
        opened += Number(/\* (\d+) RECENT/.exec(selected.join('\n'))?.[1])
        client.send('i IDLE\r\n')
        await client.line()
      }
      const took: number[] = []
      const recent = new Map<LineClient, number>()
      for (const subject of ['first', 'second', 'third']) {
        await deliver(service, user, subject)
        const accepted = performance.now()
        // One of them is on the other worker than the one that took it.
        for (const client of [one, other]) while (!/^\* \d+ EXISTS$/.test(await client.line()));
        took.push(performance.now() - accepted)
        for (const client of [one, other])
          recent.set(client, Number(/^\* (\d+) RECENT$/.exec(await client.line())?.[1]))
      }
      // It takes some milliseconds. What is not heard of is found after 15 s: that it is sooner shows that it was heard.
      expect(took.toSorted((x, y) => x - y)[1]).toBeLessThan(10_000)
      // Each message is that of one of them.
      expect(recent.get(one)! + recent.get(other)!).toBe(opened + took.length)

      one.send('DONE\r\n')
      await one.tagged('i')
      for (const command of ['STORE 2 +FLAGS (one)', 'STORE 1 +FLAGS (\\Flagged)', 'STORE 3 +FLAGS (two)'])
        await ask(one, command)
      // Of a message it may hear twice.
      const seen = new Map<number, number>()
      while (seen.size < 3) {
        const found = /^\* (\d+) FETCH \(.*MODSEQ \((\d+)\)/.exec(await other.line())
        if (found) seen.set(Number(found[1]), Number(found[2]))
      }
      const inOrder = [...seen].toSorted(([, x], [, y]) => x - y)
      expect(inOrder.map(([number]) => number)).toEqual([2, 1, 3])
      other.send('DONE\r\n')
      await other.tagged('i')
    } finally {
      for (const client of [one, other]) client.close()
    }
  })

  it('says of itself what is true of all', async () => {
    expect(await health()).toMatchObject({ ok: true, workers: { up: 2, of: 2 } })
    const status = await service.cli(['cluster', 'status'])
    expect(status.exitCode, status.stdout + status.stderr).toBe(0)
    // What one alone does, one does.
    expect(status.stdout.match(/books, news, sweeps/g)).toHaveLength(1)
    const metrics = await (await fetch(`http://127.0.0.1:${service.ports.http}/metrics`)).text()
    expect(metrics).toMatch(/^facteur_info\{version="[^"]+"\} 1$/m)
    // Counted on whichever worker took them.
    expect(Number(/^facteur_messages_accepted_total (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(3)
  })

  async function strike(fault: () => Promise<void>): Promise<void> {
    const { acknowledged } = world.ledger
    for (let round = 0; round < rounds; round++) {
      await world.begin()
      await sleep(random.between(0, 600))
      await world.deaths.during(fault)
      await world.examine()
      expect(world.ledger.problems).toEqual([])
    }
    expect(world.ledger.acknowledged).toBeGreaterThan(acknowledged)
  }

  it('loses with a worker that is killed the sessions of that one, and nothing else', () =>
    strike(async () => {
      const [one, other] = (await oneOnEach()) as [
        { client: LineClient; pid: number },
        { client: LineClient; pid: number },
      ]
      const before = service.log.length
      process.kill(one.pid, 'SIGKILL')
      await expect(one.client.line()).rejects.toThrow(Gone)
      await ask(other.client, 'NOOP')
      // Until its end was noticed, the other counts it among those that are up.
      const isBack = (): boolean => service.log.slice(before).some(({ msg }) => msg === 'a worker is back')
      await expect.poll(isBack, { timeout: recoveryMs }).toBe(true)
      await allUp()
      await ask(other.client, 'NOOP')
      other.client.close()
      expect(await pids()).not.toContain(one.pid)
      expect(service.log.filter(({ msg }) => msg === 'a worker ended, and its sessions with it').at(-1)).toMatchObject({
        pid: one.pid,
        signal: 'SIGKILL',
      })
    }))

  // It takes half a minute, and is the same on PostgreSQL.
  if (hasWriter)
    it('replaces a worker that hangs, and counts it as down until then', async () => {
      const before = service.log.length
      const said = (text: string): object[] => service.log.slice(before).filter(({ msg }) => msg === text)
      const [hung, other] = (await pids()) as [number, number]
      process.kill(hung, 'SIGSTOP')
      // One connection may be handed to the worker that hangs; the next are not.
      const isDown = async (): Promise<boolean> => (await health().catch(() => null))?.workers.up === 1
      await expect.poll(isDown, { timeout: recoveryMs }).toBe(true)
      await expect.poll(() => said('a worker is back'), { timeout: recoveryMs }).toHaveLength(1)
      expect(said('a worker does not answer, and is killed')).toMatchObject([{ pid: hung }])
      await allUp()
      const after = await pids()
      expect(after).not.toContain(hung)
      expect(after).toContain(other)
      expect(world.ledger.problems).toEqual([])
    })

  // On PostgreSQL it is the end of a node, which nodes.test.ts has.
  if (hasWriter || process.env.FACTEUR_FAULT_ROUNDS)
    it('ends as a whole with the process that started the workers, and comes back as it was', () =>
      strike(async () => {
        const workers = await pids()
        await service.kill('SIGKILL')
        await service.start()
        for (const pid of workers) expect(() => process.kill(pid, 0)).toThrow()
        await allUp()
      }))

  it('ends when it is asked to, with nothing left', async () => {
    const workers = await pids()
    expect(await service.end()).toBe(0)
    for (const pid of workers) expect(() => process.kill(pid, 0)).toThrow()
  })
}

describe(`two workers on the embedded store, seed ${seed}`, { timeout: 300_000 }, () => {
  twoWorkers(true, async random => {
    const settings = () => ({ FACTEUR_WORKERS: '2' })
    const world = await World.open({ random, dies: true, locksStay: true, settings })
    return { world, service: world.service }
  })
})

describe.skipIf(postgresPrograms === null || !hasRedis)(
  `two workers on PostgreSQL, seed ${seed} (skipped where PostgreSQL or Redis is not installed)`,
  { timeout: 300_000 },
  () => {
    twoWorkers(false, async random => {
      // Without Redis the workers of a machine hear of each other at once all the same.
      const world = await NodesWorld.open(1, random, { FACTEUR_WORKERS: '2', FACTEUR_REDIS: '' })
      return { world, service: world.nodes[0]! }
    })
  },
)
