/** A service under load, with all around it: another mail server that takes what it sends, name service, a disk where a fault needs one. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { storePath } from '../../src/ops/data-folder.ts'
import { openSqliteReader } from '../../src/store/sqlite/open.ts'
import type { ReadOnlyStore } from '../../src/store/store.ts'
import { type DnsServer, startDns } from '../integration/fixtures/dns.ts'
import { type RemoteServer, startRemote } from '../integration/fixtures/remote-smtp.ts'
import { type Service, startService } from '../integration/service.ts'
import { makeAccounts } from './accounts.ts'
import { Arrivals, Deaths } from './arrivals.ts'
import type { Disk } from './disks.ts'
import { Examiner } from './examination.ts'
import { Ledger } from './ledger.ts'
import { ImapLoad } from './loads/imap.ts'
import { keepUp, type Load, type Scene } from './loads/load.ts'
import { boxes } from './loads/mailbox-model.ts'
import { retrievals } from './loads/pop3.ts'
import { deliveredTo, deliveries, submissions } from './loads/smtp.ts'
import type { Random } from './random.ts'

const password = 'correct horse battery'
const changing = ['mia', 'noa']
/** A machine with much other work takes this long for a start, six sign-ins and a write; what isn't back by then doesn't come back by itself. */
const recoveryMs = 120_000

export interface WorldOptions {
  random: Random
  dies: boolean
  /** Mounts what the data is to lie on. */
  disk?: (at: string) => Disk
  /** Variables of the service, made for its data folder. */
  settings?: (data: string) => Record<string, string>
  /** See `Scene`. */
  locksStay?: boolean
}

let template: Promise<string> | null = null

/** A data folder with the accounts in it, made once and copied for each world. */
async function makeTemplate(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'facteur-faults-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  await makeAccounts(folder, { users: [...deliveredTo, ...changing, 'sender'], mailboxes: boxes, password })
  return folder
}

export class World implements Scene {
  readonly ledger = new Ledger()
  readonly password = password
  /** Of the fault that strikes now. */
  dies: boolean
  readonly locksStay: boolean
  readonly service: Service
  readonly disk: Disk | null
  stopping = true
  /** Of the process. */
  readonly deaths = new Deaths()
  readonly #remote: RemoteServer
  readonly #dns: DnsServer
  readonly #random: Random
  readonly #loads: Load[] = [
    deliveries(1),
    deliveries(2),
    submissions,
    retrievals,
    ...changing.map(user => new ImapLoad(user)),
  ]
  readonly #examiner: Examiner
  #running: Promise<unknown> = Promise.resolve()
  readonly #arrivals: Arrivals
  #logRead = 0

  private constructor(
    parts: { service: Service; disk: Disk | null; remote: RemoteServer; dns: DnsServer },
    { random, dies, locksStay = false }: WorldOptions,
  ) {
    this.service = parts.service
    this.disk = parts.disk
    this.#remote = parts.remote
    this.#arrivals = new Arrivals(parts.remote)
    this.#dns = parts.dns
    this.#random = random
    this.dies = dies
    this.locksStay = locksStay
    this.#examiner = new Examiner(this)
  }

  static async open(options: WorldOptions): Promise<World> {
    template ??= makeTemplate()
    const from = await template
    const remote = await startRemote()
    const dns = await startDns({ 'far.test': { MX: [[10, 'mx.far.test']] }, 'mx.far.test': { A: ['127.0.0.1'] } })
    let disk: Disk | null = null
    const settings: Record<string, string> = {
      FACTEUR_PLAIN_TEXT_SIGN_IN: 'loopback',
      FACTEUR_DNS_SERVERS: dns.address,
      FACTEUR_QUEUE_PORT: String(remote.port),
      FACTEUR_QUEUE_RETRY_FIRST: '2s',
      FACTEUR_QUEUE_RETRY_LONGEST: '2s',
    }
    try {
      const service = await startService(settings, async data => {
        disk = options.disk?.(data) ?? null
        cpSync(from, data, { recursive: true })
        // What a former life of the service left is on disk.
        execFileSync('sync', ['--file-system', data])
        Object.assign(settings, options.settings?.(data))
      })
      return new World({ service, disk, remote, dns }, options)
    } catch (error) {
      ;(disk as Disk | null)?.unmount()
      await remote.close()
      await dns.close()
      throw error
    }
  }

  get ports(): Service['ports'] {
    return this.service.ports
  }

  /** Starts the loads; resolves when each of them has had something done. */
  async begin(): Promise<void> {
    this.stopping = false
    this.#running = Promise.all(this.#loads.map(load => keepUp(load, this, this.#random.fork())))
    // Whoever waits for them hears of it.
    this.#running.catch(() => {})
    await this.working()
  }

  /** Resolves when each load that can has had something more done; a problem where that takes too long. */
  async working(): Promise<void> {
    const before = new Map(this.ledger.done)
    const waiting = (): Load[] =>
      this.#loads.filter(({ name, able }) => able && (this.ledger.done.get(name) ?? 0) <= (before.get(name) ?? 0))
    const until = performance.now() + recoveryMs
    while (waiting().length > 0) {
      await Promise.race([sleep(10), this.#running.then(() => sleep(10))])
      if (performance.now() < until) continue
      this.ledger.problem(
        `not working again after ${recoveryMs / 1000} s: ${waiting()
          .map(({ name }) => name)
          .join(', ')}`,
      )
      return
    }
  }

  /** Ends the loads, each after its answer, and looks at everything. */
  async examine(): Promise<void> {
    this.stopping = true
    await this.#running
    if (!isAlive(this.service.pid)) {
      this.ledger.problem('the service ended by itself')
      return
    }
    await this.#examiner.mailboxes(this.#loads)
    // As `facteur verify` and `facteur queue list` do it, without a process for each.
    const store = await openSqliteReader({ path: storePath({ data: this.service.data }) })
    try {
      this.#arrivals.read(this.ledger)
      this.#examiner.queue(await waitingIn(store), this.#arrivals.times, this.deaths)
      for await (const { table, key, problem } of store.verify()) this.ledger.problem(`${table} ${key}: ${problem}`)
    } finally {
      await store.close()
    }
    for (const entry of this.service.log.slice(this.#logRead))
      if (String(entry.msg).startsWith('defect')) this.ledger.problem(`in the log: ${JSON.stringify(entry)}`)
    this.#logRead = this.service.log.length
  }

  /** The process is over, and starts again. */
  async restart(signal: NodeJS.Signals | null): Promise<void> {
    if (signal) await this.service.kill(signal)
    await this.service.start()
  }

  /** Ends the service, and resolves with where its data folder was copied to. */
  async keep(): Promise<string> {
    this.stopping = true
    await this.service.kill('SIGKILL')
    const folder = mkdtempSync(path.join(tmpdir(), 'facteur-faults-kept-'))
    try {
      cpSync(this.service.data, folder, { recursive: true })
      return folder
    } catch (error) {
      return `${folder} (not all: ${error instanceof Error ? error.message : error})`
    }
  }

  async close(): Promise<void> {
    this.stopping = true
    await this.service.kill('SIGKILL')
    await this.#running.catch(() => {})
    this.disk?.unmount()
    await this.service.stop()
    await this.#remote.close()
    await this.#dns.close()
  }
}

/** The addresses that are still to be sent to. */
export async function waitingIn(store: ReadOnlyStore): Promise<Set<string>> {
  const addresses = new Set<string>()
  for (let after: number | null = null; ; ) {
    const page: { message: { queueId: number }; recipients: { address: string }[] }[] = await store.read('queue.list', {
      after,
      limit: 500,
      statuses: ['queued'],
    })
    for (const { recipients } of page) for (const { address } of recipients) addresses.add(address)
    after = page.at(-1)?.message.queueId ?? null
    if (after === null) return addresses
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
