/** Nodes that share a database and a Redis server, under one load: each connection goes to one of them, whichever it is. */
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../src/ops/clock.ts'
import { openPostgresReader, openPostgresStore } from '../../src/store/postgres/open.ts'
import { startDns } from '../integration/fixtures/dns.ts'
import { type Nodes, startNodes } from '../integration/fixtures/nodes.ts'
import { type RemoteServer, startRemote } from '../integration/fixtures/remote-smtp.ts'
import type { Service } from '../integration/service.ts'
import { type Cluster, startCluster } from '../support/postgres.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { addAccounts } from './accounts.ts'
import { Arrivals, Deaths } from './arrivals.ts'
import { Examiner } from './examination.ts'
import { Ledger } from './ledger.ts'
import { ImapLoad } from './loads/imap.ts'
import { keepUp, type Load, type Scene } from './loads/load.ts'
import { boxes } from './loads/mailbox-model.ts'
import { retrievals } from './loads/pop3.ts'
import { deliveredTo, deliveries, submissions } from './loads/smtp.ts'
import type { Random } from './random.ts'
import { waitingIn } from './world.ts'

const password = 'correct horse battery'
const changing = ['mia', 'noa']
/** What isn't back by then doesn't come back by itself. */
const recoveryMs = 120_000

export class NodesWorld implements Scene {
  readonly ledger = new Ledger()
  readonly password = password
  // A node, or the database, ends in each of the faults: what was not answered may have been done.
  readonly dies = true
  readonly locksStay = true
  stopping = true
  /** Of a node, or of the database: between an answer and the note of it. */
  readonly deaths = new Deaths()
  readonly cluster: Cluster
  readonly redis: RedisServer
  readonly #url: string
  readonly #nodes: Nodes
  readonly #ends: (() => Promise<unknown>)[]
  readonly #random: Random
  readonly #loads: Load[] = [
    deliveries(1),
    deliveries(2),
    submissions,
    retrievals,
    ...changing.map(user => new ImapLoad(user)),
  ]
  readonly #examiner: Examiner
  readonly #arrivals: Arrivals
  readonly #down = new Set<Service>()
  #running: Promise<unknown> = Promise.resolve()

  private constructor(
    parts: {
      cluster: Cluster
      redis: RedisServer
      url: string
      nodes: Nodes
      remote: RemoteServer
      ends: (() => Promise<unknown>)[]
    },
    random: Random,
  ) {
    this.cluster = parts.cluster
    this.redis = parts.redis
    this.#url = parts.url
    this.#nodes = parts.nodes
    this.#arrivals = new Arrivals(parts.remote)
    this.#ends = parts.ends
    this.#random = random
    this.#examiner = new Examiner(this)
  }

  /** `settings`: of each node. */
  static async open(count: number, random: Random, settings: Record<string, string> = {}): Promise<NodesWorld> {
    const ends: (() => Promise<unknown>)[] = []
    try {
      const cluster = await startCluster({ tcp: true, durable: true })
      ends.push(() => cluster.dispose())
      const redis = await startRedis()
      ends.push(() => redis.kill())
      const remote = await startRemote()
      ends.push(() => remote.close())
      const dns = await startDns({ 'far.test': { MX: [[10, 'mx.far.test']] }, 'mx.far.test': { A: ['127.0.0.1'] } })
      ends.push(() => dns.close())
      const url = await cluster.createDatabase('faults')
      const nodes = await startNodes(count, {
        FACTEUR_STORE: url,
        FACTEUR_REDIS: redis.url,
        FACTEUR_DNS_SERVERS: dns.address,
        FACTEUR_QUEUE_PORT: String(remote.port),
        FACTEUR_QUEUE_RETRY_FIRST: '2s',
        FACTEUR_QUEUE_RETRY_LONGEST: '2s',
        ...settings,
      })
      ends.push(() => nodes.stop())
      const store = await openPostgresStore({ url, blobs: nodes.blobs, clock: systemClock })
      await addAccounts(store, { users: [...deliveredTo, ...changing, 'sender'], mailboxes: boxes, password })
      await store.close()
      return new NodesWorld({ cluster, redis, url, nodes, remote, ends }, random)
    } catch (error) {
      for (const end of ends.reverse()) await end()
      throw error
    }
  }

  get nodes(): readonly Service[] {
    return this.#nodes.all
  }

  /** Of a node that runs, another each time. */
  get ports(): Service['ports'] {
    const up = this.nodes.filter(node => !this.#down.has(node))
    return this.#random.pick(up).ports
  }

  /** Starts the loads; resolves when each of them has had something done. */
  async begin(): Promise<void> {
    this.stopping = false
    this.#running = Promise.all(this.#loads.map(load => keepUp(load, this, this.#random.fork())))
    // Whoever waits for them hears of it.
    this.#running.catch(() => {})
    await this.working()
  }

  async working(): Promise<void> {
    const before = new Map(this.ledger.done)
    const waiting = (): Load[] =>
      this.#loads.filter(({ name, able }) => able && (this.ledger.done.get(name) ?? 0) <= (before.get(name) ?? 0))
    for (const until = performance.now() + recoveryMs; waiting().length > 0; await sleep(10))
      if (performance.now() > until)
        return this.ledger.problem(
          `not working again: ${waiting()
            .map(({ name }) => name)
            .join(', ')}`,
        )
  }

  async kill(node: Service): Promise<void> {
    this.#down.add(node)
    await this.deaths.during(() => node.kill('SIGKILL'))
  }

  async startAgain(node: Service): Promise<void> {
    await node.start()
    this.#down.delete(node)
  }

  /** Ends the loads, each after its answer, and looks at everything. */
  async examine(): Promise<void> {
    this.stopping = true
    await this.#running
    await this.#examiner.mailboxes(this.#loads)
    await this.#inStore(async store => {
      this.#arrivals.read(this.ledger)
      this.#examiner.queue(await waitingIn(store), this.#arrivals.times, this.deaths)
      for await (const { table, key, problem } of store.verify()) this.ledger.problem(`${table} ${key}: ${problem}`)
    })
    for (const { log } of this.nodes)
      for (const entry of log)
        if (String(entry.msg).startsWith('defect')) this.ledger.problem(`in the log: ${JSON.stringify(entry)}`)
  }

  /** Resolves once nothing is to be sent any more. */
  async queueEmpty(withinMs: number): Promise<void> {
    for (const until = performance.now() + withinMs; ; await sleep(500)) {
      let left = 0
      await this.#inStore(async store => void (left = (await waitingIn(store)).size))
      if (left === 0) return
      if (performance.now() > until) return this.ledger.problem(`${left} recipients still wait in the queue`)
    }
  }

  async #inStore(look: (store: Awaited<ReturnType<typeof openPostgresReader>>) => Promise<void>): Promise<void> {
    const store = await openPostgresReader({ url: this.#url, blobs: this.#nodes.blobs, clock: systemClock })
    try {
      await look(store)
    } finally {
      await store.close()
    }
  }

  async close(): Promise<void> {
    this.stopping = true
    for (const node of this.nodes) await node.kill('SIGKILL')
    await this.#running.catch(() => {})
    for (const end of this.#ends.splice(0).reverse()) await end()
  }
}
