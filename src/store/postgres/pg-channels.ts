/** Connections by node-postgres, in pipeline mode: what is asked is sent at once, without waiting for earlier answers. */
import pg from 'pg'
import type { Value } from '../sql.ts'
import { Batch, type NamedQuestion, type Parser } from './batch.ts'
import type { Answer, Channel, Channels, Question } from './channel.ts'
import { nodeName } from './copy-lock.ts'
import { unescaped } from './dialect.ts'
import { isOverdue, kindOf, NothingHeard } from './failure.ts'
import {
  answerMs,
  connectMs,
  fewestConnections,
  idleInTransactionMs,
  lockMs,
  maxConnections,
  patientMs,
  probeMs,
} from './limits.ts'
import { probe } from './probe.ts'
import { ServerWatch } from './server-watch.ts'
import { SharedChannel } from './shared-channel.ts'

/** OIDs of pg_type. The numbers of this schema are all below 2^53; sums come as NUMERIC. */
const numbers = new Set([20, 21, 23, 26, 1700])
const bool = 16
const bytea = 17

const toNumber: Parser = Number
const toBit: Parser = text => (text === 't' ? 1 : 0)
const toBytes: Parser = text => Uint8Array.fromHex(text.slice(2))

export function parserOf(oid: number): Parser {
  if (numbers.has(oid)) return toNumber
  return oid === bytea ? toBytes : oid === bool ? toBit : unescaped
}

/**
 * What is said of a server in whichever way it was set up stays as it is, but for what the promise rests on: a commit is on
 * disk before it is answered. A dead node's locks end with its connection, which the server is to notice soon.
 * Each statement has one plan, whatever its values: it is planned once on a connection, and no estimate of how many rows a page of
 * a mailbox will have makes one read all of the account's.
 */
const sessionSettings = `
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
  SET idle_in_transaction_session_timeout = ${idleInTransactionMs};
  SET lock_timeout = ${lockMs};
  SET plan_cache_mode = force_generic_plan;
  SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4;
  SET bytea_output = 'hex'; SET standard_conforming_strings = on; SET client_min_messages = warning`

/**
 * A server that recovers from a crash forgets its statistics, whether or not its first process started anew. Last, what became of a
 * transaction that was on disk: a standby that lacks it when it takes over has not come to its number yet, or gave it up.
 */
function serverQuestion(acknowledged: string | null): Question {
  const id = `CAST('${acknowledged}' AS xid8)`
  const fate = `CASE WHEN ${id} >= pg_snapshot_xmax(pg_current_snapshot()) THEN 'none' ELSE pg_xact_status(${id}) END`
  // Of one that is a standby still, more may come.
  return {
    text: `SELECT CAST(pg_postmaster_start_time() AS TEXT), CAST(stats_reset AS TEXT),
      CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE ${acknowledged === null ? 'NULL' : fate} END FROM pg_stat_wal`,
  }
}

const servers = new WeakMap<pg.ClientBase, Promise<string | null>>()
/** To a server that was a standby when it was asked last. */
const toStandbys = new WeakSet<pg.ClientBase>()

interface Beginning {
  name: string
  /** The last transaction that is known to be on disk. */
  acknowledged: string | null
  wentBack: () => void
}

/** Sent before whatever the connection was opened for, which fails where this fails. */
function begin(client: pg.ClientBase, { name, acknowledged, wentBack }: Beginning): void {
  // Whoever has it hears of its end by what is asked of it; an event that nobody hears would end the process.
  client.on('error', () => {})
  // A URL may name it otherwise, and a copy knows by the name who uses the store.
  client.query(`${sessionSettings}; SET application_name = '${name}'`).catch(() => {})
  lookAtServer(client, acknowledged, wentBack)
}

/** Sent before whatever the connection is taken for. */
function lookAtServer(client: pg.ClientBase, acknowledged: string | null, wentBack: () => void): void {
  const server = client.query<(string | null)[]>({ ...serverQuestion(acknowledged), rowMode: 'array' })
  servers.set(
    client,
    server.then(
      ({ rows: [row] }) => {
        if (row?.[2] === 'none' || row?.[2] === 'aborted') wentBack()
        if (row?.[2] === 'standby') toStandbys.add(client)
        else toStandbys.delete(client)
        return row?.slice(0, 2).join(' ') ?? null
      },
      () => null,
    ),
  )
}

/**
 * The driver takes these for `verify-full`, as the service means them, and warns at each start that a later version of it won't.
 * Who wants them weaker says so by `uselibpqcompat`, and is left alone. Where a space stands in the address, as in a password, the
 * driver encodes all of it, also what is encoded already.
 */
export function asMeant(url: string): string {
  const whole = url.replaceAll(' ', '%20')
  if (/[?&]uselibpqcompat=true/.test(whole)) return whole
  return whole.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full')
}

/** The driver leaves the socket open where a sign-in fails on this side: it would keep the process until the server gives up. */
class Client extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config)
    this.connection.on('error', () => this.connection.stream.destroy())
  }
}

class PgChannel implements Channel {
  readonly client: pg.PoolClient
  readonly committed: (transactionId: string) => void
  readonly #watch: ServerWatch
  readonly #timeoutMs: number | undefined
  /** Of this turn. */
  #open: Batch | null = null
  /** The error of the statement whose answer was waited for in vain. */
  #overdue: unknown = null

  constructor(client: pg.PoolClient, watch: ServerWatch, isPatient: boolean, committed: (id: string) => void) {
    this.client = client
    this.committed = committed
    this.#watch = watch
    this.#timeoutMs = isPatient ? patientMs : undefined
  }

  get server(): Promise<string | null> {
    return servers.get(this.client) ?? Promise.resolve(null)
  }

  get process(): number | null {
    // The driver has it, and its types don't.
    return (this.client as { processID?: number | null }).processID ?? null
  }

  async ask(question: Question): Promise<Answer> {
    this.#watch.begun()
    try {
      return await (isNamed(question) ? this.#askTogether(question) : this.#askByItself(question))
    } catch (error) {
      // The driver says so of the first, and of what stood behind it that the connection ended.
      if (isOverdue(error)) this.#overdue ??= error
      // Its connections were given up here; the driver only knows that they ended.
      if (this.#watch.isGone && kindOf(error) === 'lost' && !this.#overdue) throw new NothingHeard()
      throw this.#overdue ?? error
    } finally {
      this.#watch.ended()
    }
  }

  /** What is asked in one turn goes out in one piece, and is answered in one: a system call and a waking on both sides for all of it. */
  #askTogether(question: NamedQuestion): Promise<Answer> {
    let batch = this.#open
    if (!batch) {
      this.#open = batch = new Batch(parserOf, this.#timeoutMs)
      process.nextTick(() => this.#submit(batch))
    }
    return batch.ask(question)
  }

  /** Also where one of those before it fails. */
  async #askByItself({ text, parameters }: Question): Promise<Answer> {
    this.#submit(this.#open)
    const { rows, rowCount, command } = await this.client.query<Value[]>({
      text,
      rowMode: 'array',
      ...(parameters && { values: parameters as unknown[] }),
      ...(this.#timeoutMs !== undefined && { query_timeout: this.#timeoutMs }),
    })
    return { rows, count: rowCount ?? 0, command }
  }

  #submit(batch: Batch | null): void {
    if (!batch || this.#open !== batch) return
    this.#open = null
    const { stream } = this.client.connection
    stream.cork()
    this.client.query(batch)
    process.nextTick(() => stream.uncork())
  }
}

const isNamed = (question: Question): question is NamedQuestion => question.name !== undefined

export interface PgChannelsOptions {
  /** As the server lists its connections. */
  name?: string
  /** Of this node, which share its connections evenly. By default 1. */
  processes?: number
  /** The server lacks what was committed here, as a standby that was behind when it took over. */
  onWentBack?: (() => void) | undefined
}

export class PgChannels implements Channels {
  readonly forLookUps: SharedChannel
  readonly #pool: pg.Pool
  readonly #watch: ServerWatch
  /** All that are open. */
  readonly #clients = new Set<pg.PoolClient>()
  /** The last that was committed here, so that it is on the server's disk. */
  #acknowledged: string | null = null
  readonly #committed = (transactionId: string): void => void (this.#acknowledged = transactionId)
  readonly #wentBack: () => void
  /** Who waits for a connection. */
  readonly #takers = new Set<(reason: Error) => void>()

  constructor(url: string, { name = nodeName, processes = 1, onWentBack = () => {} }: PgChannelsOptions = {}) {
    this.#wentBack = () => {
      this.#acknowledged = null
      onWentBack()
    }
    const connection = { connectionString: asMeant(url), application_name: name }
    this.#pool = new pg.Pool({
      ...connection,
      Client,
      pipeline: true,
      max: Math.max(fewestConnections, Math.ceil(maxConnections / processes)),
      connectionTimeoutMillis: connectMs,
      query_timeout: answerMs,
      keepAlive: true,
      types: { getTypeParser: ((oid: number) => parserOf(oid)) as pg.CustomTypesConfig['getTypeParser'] },
      onConnect: client => begin(client, { name, acknowledged: this.#acknowledged, wentBack: this.#wentBack }),
    })
    this.#pool.on('connect', client => {
      this.#clients.add(client)
      client.once('end', () => this.#clients.delete(client))
    })
    // An idle connection that ends is replaced by the next that is asked for.
    this.#pool.on('error', () => {})
    this.forLookUps = new SharedChannel(this)
    this.#watch = new ServerWatch({ probe: () => probe(connection), gone: () => this.#giveUp() })
  }

  async take(patient = false): Promise<Channel> {
    const client = await this.#connection()
    // It may have taken over meanwhile.
    if (toStandbys.has(client)) lookAtServer(client, this.#acknowledged, this.#wentBack)
    return new PgChannel(client, this.#watch, patient, this.#committed)
  }

  give(channel: Channel, isBroken: boolean): void {
    if (channel instanceof PgChannel) channel.client.release(isBroken)
  }

  async close(): Promise<void> {
    this.#watch.close()
    // To each the server is told goodbye, and a server that says nothing is not waited for.
    const cut = setTimeout(() => this.#clients.forEach(cutOff), probeMs)
    await this.forLookUps.close()
    // The pool is at its end once it has said so on idle ones; a socket that nobody answers would keep the process.
    await this.#pool.end()
    await Promise.all(Array.from(this.#clients, client => new Promise<void>(resolve => client.once('end', resolve))))
    clearTimeout(cut)
  }

  #connection(): Promise<pg.PoolClient> {
    if (this.#watch.isGone) return Promise.reject(new NothingHeard())
    return new Promise((resolve, reject) => {
      this.#takers.add(reject)
      this.#watch.begun()
      this.#pool
        .connect()
        .finally(() => this.#watch.ended())
        .then(client => {
          if (this.#takers.delete(reject)) resolve(client)
          else client.release()
        }, reject)
        .finally(() => this.#takers.delete(reject))
    })
  }

  #giveUp(): void {
    for (const reject of this.#takers) reject(new NothingHeard())
    this.#takers.clear()
    this.#clients.forEach(cutOff)
  }
}

/** Whatever was asked on it fails. */
function cutOff(client: pg.PoolClient): void {
  client.connection.stream.destroy()
}
