/**
 * What a delivery, a header sync and a resynchronisation cost in stores of 10,000 to 1,000,000 messages, and how long a
 * service takes to start with them, on SQLite and on PostgreSQL: node bench/curve.ts
 *
 * Prints a table and writes `bench/curve.svg`. The figures are processor time: of this process, which is the store's, and on
 * PostgreSQL of all of the server's processes. One mailbox of 2,000 messages is filled through the store; the others are
 * copies of its rows, made by the database: what they cost to read and to add to is what they would cost, but their checksums
 * are wrong, so `verify` is nothing for such a store. About 3 KB a message and engine, gone at the end.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../src/ops/clock.ts'
import { openPostgresStore } from '../src/store/postgres/open.ts'
import { openSqliteStore } from '../src/store/sqlite/open.ts'
import type { Store } from '../src/store/store.ts'
import type { NewTrace, TraceFirstStep } from '../src/store/types/trace.ts'
import { developerCommand, listOf, wholeNumber } from '../test/support/developer-command.ts'
import { type Cluster, startCluster } from '../test/support/postgres.ts'
import { type Curve, curvePlot } from './curve-plot.ts'
import { emailOf, message } from './made-mail.ts'
import { middle } from './peer-figures.ts'
import { processorMs } from './processor.ts'

const engineNames = ['sqlite', 'postgres'] as const
const about = `Fills stores with ever more messages, measures a delivery, a header sync, a resynchronisation and a start in each, and writes bench/curve.svg. Takes 3 KB a message and engine, gone at the end.`
const options = developerCommand('npx node bench/curve.ts', about)
  .option(
    '--sizes <numbers>',
    'messages, ever more',
    (text: string) => text.split(',').map(wholeNumber),
    [10_000, 100_000, 1_000_000],
  )
  .option('--engines <names>', `of ${engineNames.join(',')}`, listOf(engineNames), [...engineNames])
  .option('--rounds <number>', 'of each measure, and one more to warm up', wholeNumber, 3)
  .option('--deliveries <number>', 'of a round', wholeNumber, 2_000)
  .option('--folder <folder>', 'where the stores are made', tmpdir())
  .option('--no-start', 'starts no service with them')
  .option(
    '--out <lines>',
    'lines of an earlier run to go on from: the picture is then of both, the later two of one engine and size',
  )
  .parse()
  .opts<{
    sizes: number[]
    engines: readonly (typeof engineNames)[number][]
    rounds: number
    deliveries: number
    folder: string
    start: boolean
    out?: string
  }>()
const { sizes, rounds, deliveries } = options
const inMailbox = 2_000
const messageBytes = 1_500
/** Deliveries at once. */
const atOnce = 20
/** Mailboxes that get them, among all of them: as many in each store, since messages of one transaction share pages where they share a mailbox. */
const delivered = 5
/** Mailboxes of which each is synced and resynced in a round. */
const synced = 5

interface Engine {
  name: string
  open(): Promise<Store>
  /** Runs statements while the store is closed. */
  run(statements: string[]): Promise<void>
  /** That many random bytes for each row. */
  randomHash: string
  /** As the service is told where its store is. */
  settings: Record<string, string>
  serverMs(): number
  dispose(): Promise<void>
}

const work = mkdtempSync(path.join(options.folder, 'facteur-curve-'))
chmodSync(work, 0o711)

async function sqlite(): Promise<Engine> {
  const data = path.join(work, 'sqlite')
  const file = path.join(data, 'facteur.db')
  return {
    name: 'SQLite',
    open: () => openSqliteStore({ path: file, clock: systemClock }),
    async run(statements) {
      const database = new DatabaseSync(file)
      database.exec('PRAGMA synchronous = OFF; BEGIN')
      for (const statement of statements) database.exec(statement)
      database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
      database.close()
    },
    randomHash: 'randomblob(32)',
    settings: { FACTEUR_DATA: data },
    serverMs: () => 0,
    dispose: async () => {},
  }
}

async function postgres(): Promise<Engine> {
  const cluster: Cluster = await startCluster({ durable: true, tcp: true, settings: ['shared_buffers=256MB'] })
  const url = await cluster.createDatabase('curve')
  const [[folder] = []] = await cluster.query('curve', 'SHOW data_directory')
  const pid = Number(readFileSync(path.join(String(folder), 'postmaster.pid'), 'utf8').split('\n')[0])
  const data = path.join(work, 'postgres')
  return {
    name: 'PostgreSQL',
    open: () => openPostgresStore({ url, blobs: path.join(work, 'blobs'), clock: systemClock }),
    async run(statements) {
      // Those of one text are one transaction.
      for (let from = 0; from < statements.length; from += 60)
        await cluster.query('curve', statements.slice(from, from + 60).join(';\n'))
      await cluster.query('curve', 'VACUUM ANALYZE')
      await cluster.query('curve', 'CHECKPOINT')
    },
    randomHash: 'uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())',
    settings: { FACTEUR_DATA: data, FACTEUR_STORE: url, FACTEUR_BLOBS: path.join(work, 'blobs') },
    serverMs: () => processorMs(pid),
    dispose: () => cluster.dispose(),
  }
}

const flags = { system: 0, keywords: [] }

/** A store with its first mailbox, filled as any other would be. */
class Measured {
  readonly engine: Engine
  readonly accounts: number[] = []
  #number = 0
  #messages = 0

  constructor(engine: Engine) {
    this.engine = engine
  }

  async addAccount(store: Store): Promise<number> {
    const address = `u${this.accounts.length}@bench.test`
    const account = { address, passwordHash: null, quotaBytes: null, mailboxes: [], at: 1 }
    const { accountId } = await store.write('account.add', account)
    this.accounts.push(accountId)
    return accountId
  }

  async begin(): Promise<void> {
    const store = await this.engine.open()
    await store.write('domain.add', { name: 'bench.test', at: 1 })
    const accountId = await this.addAccount(store)
    const inbox = await store.read('mailbox.byName', { accountId, name: 'INBOX' })
    for (let first = 0; first < inMailbox; first += 500) {
      const messages = []
      for (let index = first; index < first + 500; index++)
        messages.push({
          email: await emailOf(store, index, message(index, messageBytes)),
          flags: { system: index % 3 === 0 ? 1 : 0, keywords: [] },
          internalDate: 1,
        })
      await store.write('message.append', { accountId, mailboxId: inbox!.mailboxId, messages, at: 1 })
    }
    await store.close()
    this.#messages = inMailbox
  }

  /** More mailboxes like the first, until there are so many messages. */
  async growTo(size: number): Promise<void> {
    const store = await this.engine.open()
    const [first = 0] = this.accounts
    const fresh: number[] = []
    for (; this.#messages < size; this.#messages += inMailbox) fresh.push(await this.addAccount(store))
    await store.close()
    await this.engine.run(fresh.flatMap(accountId => copied(first, accountId, this.engine.randomHash)))
  }

  async deliver(store: Store, count: number): Promise<void> {
    const prepared = await Promise.all(
      Array.from({ length: count }, async () => {
        const number = 10_000_000 + this.#number++
        const accountId = this.accounts[Math.floor(((number % delivered) * this.accounts.length) / delivered)]!
        return { accountId, email: await emailOf(store, number, message(number, messageBytes)) }
      }),
    )
    await this.#spent(count, async () => {
      let next = 0
      const one = async (): Promise<void> => {
        for (let at = next++; at < count; at = next++) {
          const { accountId, email } = prepared[at]!
          const places = [{ mailbox: 'INBOX', flags }]
          const trace = traceOf(accountId, at)
          await store.write('message.accept', { deliveries: [{ accountId, email, places }], queue: [], trace, at: 2 })
        }
      }
      await Promise.all(Array.from({ length: atOnce }, one))
    })
    this.#messages += count
  }

  readonly last = { perCallMs: 0, serverMs: 0, wallMs: 0 }

  async #spent(calls: number, action: () => Promise<void>): Promise<void> {
    const before = this.engine.serverMs()
    const cpu = process.cpuUsage()
    const begun = performance.now()
    await action()
    this.last.wallMs = (performance.now() - begun) / calls
    const { user, system } = process.cpuUsage(cpu)
    this.last.serverMs = (this.engine.serverMs() - before) / calls
    this.last.perCallMs = (user + system) / 1000 / calls + this.last.serverMs
  }

  #some(round: number): number[] {
    return Array.from({ length: synced }, (_, index) => this.accounts[(round * 31 + index * 7) % this.accounts.length]!)
  }

  /** Headers of all that is in a mailbox, as a mail program asks for them that sees it first. */
  async sync(store: Store, round: number): Promise<void> {
    await this.#spent(synced, async () => {
      for (const accountId of this.#some(round)) {
        const { mailboxId } = (await store.read('mailbox.byName', { accountId, name: 'INBOX' }))!
        for (let from = 1; ; ) {
          const page = { accountId, mailboxId, from, to: 0xffffffff, limit: 500 }
          const rows = await store.read('message.withEmail', page)
          const last = rows.at(-1)
          if (!last || rows.length < 500) break
          from = last.uid + 1
        }
      }
    })
  }

  /** What changed, after a hundred flags did. */
  async resync(store: Store, round: number): Promise<void> {
    const changed: { accountId: number; mailboxId: number; since: number }[] = []
    for (const accountId of this.#some(round)) {
      const { mailboxId, highestModseq: since } = (await store.read('mailbox.byName', { accountId, name: 'INBOX' }))!
      const uids = Array.from({ length: 100 }, (_, index) => ({ from: 10 + index * 19, to: 10 + index * 19 }))
      const mode = round % 2 === 0 ? ('add' as const) : ('remove' as const)
      const change = { uids, mode, flags: { system: 4, keywords: [] }, unchangedSince: null }
      await store.write('message.flags', { accountId, mailboxId, ...change })
      changed.push({ accountId, mailboxId, since })
    }
    await this.#spent(synced, async () => {
      for (const place of changed) {
        await store.read('mailbox.changes', { ...place, expungedSince: place.since, limit: 500 })
      }
    })
  }
}

function traceOf(accountId: number, number: number): NewTrace {
  const first: TraceFirstStep = { kind: 'stored', mailboxes: ['INBOX'], rules: [] }
  return {
    id: `${number.toString(36)}-1`,
    at: 2,
    direction: 'in',
    accountId: null,
    reversePath: 'sender@bench.test',
    sizeBytes: messageBytes,
    messageId: `${number}@bench.test`,
    subject: `number ${number}`,
    origin: {
      remoteAddress: '192.0.2.1',
      helo: 'bench.test',
      tls: null,
      via: 'smtp',
      credential: null,
      appPasswordId: null,
    },
    added: { sentCopy: null, copies: [] },
    recipients: [{ address: `u${accountId}@bench.test`, via: '', accountId, first }],
  }
}

/** Statements that give one account what another has; ids of emails hold their account's (`operations/email-id.ts`). */
function copied(from: number, to: number, randomHash: string): string[] {
  const shift = (to - from) * 2 ** 32
  const email = `message_id, message_references, subject, base_subject, is_reply_or_forward, address_from, address_to,
    address_cc, address_bcc, sort_from, sort_to, sort_cc, display_from, display_to, preview, envelope, body_structure, checksum`
  return [
    `INSERT INTO message (account_id, mailbox_id, uid, flags, keywords, modseq, internal_date, save_date, size_bytes, email_id,
       thread_id)
     SELECT ${to}, mailbox_id, uid, flags, keywords, modseq, internal_date, save_date, size_bytes, email_id + ${shift},
       thread_id + ${shift} FROM message WHERE account_id = ${from} AND uid <= ${inMailbox}`,
    `INSERT INTO thread_reference (account_id, hash, thread_id)
     SELECT ${to}, hash, thread_id + ${shift} FROM thread_reference
     WHERE account_id = ${from} AND thread_id <= ${from * 2 ** 32 + inMailbox}`,
    `INSERT INTO blob (seq, hash, encoding, raw_bytes, stored_bytes, data)
     SELECT ${to} * 100000 + seq, ${randomHash}, encoding, raw_bytes, stored_bytes, data FROM blob WHERE seq <= ${inMailbox}`,
    `INSERT INTO email (email_id, account_id, thread_id, blob_seq, blob_hash, size_bytes, sent_at, sent_day, ${email})
     SELECT email_id + ${shift}, ${to}, thread_id + ${shift}, ${to} * 100000 + blob_seq, blob_hash, size_bytes, sent_at,
       sent_day, ${email} FROM email WHERE account_id = ${from} AND email_id <= ${from * 2 ** 32 + inMailbox}`,
    `UPDATE account SET used_bytes = ${inMailbox * messageBytes}, messages = ${inMailbox}, next_email = ${inMailbox + 1},
       modseq = 1000 WHERE account_id = ${to}`,
    `UPDATE mailbox SET messages = ${inMailbox}, uid_next = ${inMailbox + 1}, highest_modseq = 1000,
       size_bytes = ${inMailbox * messageBytes} WHERE account_id = ${to} AND name = 'INBOX'`,
  ]
}

/** Of the whole service, from its beginning until it listens. */
async function startUp({ settings }: Engine): Promise<{ wallMs: number; cpuMs: number }> {
  const listens = [
    'SMTP',
    'SUBMISSION',
    'SUBMISSIONS',
    'IMAP',
    'IMAPS',
    'POP3',
    'POP3S',
    'MANAGESIEVE',
    'HTTP',
    'HTTPS',
  ]
  const none = Object.fromEntries([...listens, 'PANEL'].map(name => [`FACTEUR_LISTEN_${name}`, '127.0.0.1:0']))
  const env = { ...process.env, ...none, ...settings, FACTEUR_HOSTNAME: 'mx.bench.test' }
  const program = path.resolve(import.meta.dirname, '../bin/facteur.js')
  const begun = performance.now()
  const service = spawn(process.execPath, [program, 'serve'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const said: string[] = []
  try {
    for await (const line of createInterface({ input: service.stderr })) {
      said.push(line)
      if (/"msg":"started"/.test(line))
        return { wallMs: performance.now() - begun, cpuMs: processorMs(Number(service.pid)) }
    }
    throw new Error(`the service did not start: ${said.slice(-12).join('\n')}`)
  } finally {
    service.stderr.resume()
    if (service.exitCode === null) {
      service.kill()
      await once(service, 'exit')
    }
  }
}

function note(found: Map<string, number[]>, what: string, ms: number): void {
  found.set(what, [...(found.get(what) ?? []), ms])
}

const results = path.resolve(options.out ?? path.join(work, 'results.jsonl'))
const engines: Measured[] = []
const known = { sqlite, postgres }
try {
  for (const name of options.engines) engines.push(new Measured(await known[name]()))
  for (const measured of engines) await measured.begin()
  for (const size of sizes) {
    for (const measured of engines) await measured.growTo(size)
    const starts = []
    for (const { engine } of engines) starts.push(options.start ? await startUp(engine) : { wallMs: null, cpuMs: null })
    const stores: Store[] = []
    for (const { engine } of engines) stores.push(await engine.open())
    const found = engines.map(() => new Map<string, number[]>())
    // The first is for warming up. The engines take turns, so that what else the machine does falls on all of them.
    for (let round = 0; round <= rounds; round++)
      for (const [index, measured] of engines.entries())
        for (const what of ['deliver', 'sync', 'resync'] as const) {
          await measured[what](stores[index]!, what === 'deliver' ? deliveries : round)
          if (round === 0) continue
          note(found[index]!, what, measured.last.perCallMs)
          note(found[index]!, `${what}, database`, measured.last.serverMs)
        }
    for (const store of stores) await store.close()
    for (const [index, { engine }] of engines.entries()) {
      const start = starts[index]!
      const of = (what: string): number => middle(found[index]!.get(what) ?? [])
      const each = { deliver: of('deliver'), sync: of('sync'), resync: of('resync'), start: start.cpuMs }
      const curve: Curve = { engine: engine.name, size, ...each, startWall: start.wallMs, load: loadavg()[0]! }
      appendFileSync(results, `${JSON.stringify(curve)}\n`)
      const ms = (value: number): string => value.toFixed(2)
      process.stdout.write(
        `${engine.name}, ${size}: delivery ${ms(each.deliver)}, sync ${ms(each.sync)}, resync ${ms(each.resync)} ms of processor (of it the database: ${ms(of('deliver, database'))}, ${ms(of('sync, database'))}, ${ms(of('resync, database'))}); start ${start.cpuMs?.toFixed(0) ?? '–'} ms of processor, ${start.wallMs?.toFixed(0) ?? '–'} passed; load ${loadavg()[0]!.toFixed(1)}\n`,
      )
    }
  }
  const lines = readFileSync(results, 'utf8').split('\n').filter(Boolean)
  const byPlace = new Map<string, Curve>()
  for (const line of lines) {
    const curve = JSON.parse(line) as Curve
    const key = `${curve.engine} ${curve.size}`
    const start = curve.start ?? byPlace.get(key)?.start ?? null
    byPlace.set(key, { ...curve, start })
  }
  const curves = [...byPlace.values()].sort((a, b) => a.size - b.size)
  writeFileSync(path.join(import.meta.dirname, 'curve.svg'), curvePlot(curves))
} finally {
  for (const { engine } of engines) await engine.dispose()
  rmSync(work, { recursive: true, force: true })
}
