/** Connections by node-postgres, in pipeline mode: what is asked is sent at once, without waiting for earlier answers. */
import pg from 'pg'
import type { Value } from '../sql.ts'
import type { Answer, Channel, Channels, Question } from './channel.ts'
import { unescaped } from './dialect.ts'
import { answerMs, connectMs, fewestConnections, idleInTransactionMs, lockMs, maxConnections } from './limits.ts'

/** For statements that read all there is. */
const patientMs = 24 * 60 * 60_000

/** OIDs of pg_type. The numbers of this schema are all below 2^53; sums come as NUMERIC. */
const numbers = new Set([20, 21, 23, 26, 1700])
const bool = 16
const bytea = 17

type Parser = (text: string) => Value
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

/** A server that recovers from a crash forgets its statistics, whether or not its first process started anew. */
const serverQuestion: Question = {
  text: 'SELECT CAST(pg_postmaster_start_time() AS TEXT), CAST(stats_reset AS TEXT) FROM pg_stat_wal',
}

const servers = new WeakMap<pg.ClientBase, Promise<string | null>>()

/** Sent before whatever the connection was opened for, which fails where this fails. */
function begin(client: pg.ClientBase): void {
  // Whoever has it hears of its end by what is asked of it; an event that nobody hears would end the process.
  client.on('error', () => {})
  client.query(sessionSettings).catch(() => {})
  const server = client.query<string[]>({ ...serverQuestion, rowMode: 'array' })
  servers.set(
    client,
    server.then(
      ({ rows }) => rows[0]?.join(' ') ?? null,
      () => null,
    ),
  )
}

class PgChannel implements Channel {
  readonly client: pg.PoolClient
  readonly #patient: boolean

  constructor(client: pg.PoolClient, patient: boolean) {
    this.client = client
    this.#patient = patient
  }

  get server(): Promise<string | null> {
    return servers.get(this.client) ?? Promise.resolve(null)
  }

  async ask({ text, name, parameters }: Question): Promise<Answer> {
    // What is asked in one turn goes out in one piece: a system call here and a waking there for all of it.
    const { stream } = this.client.connection
    stream.cork()
    process.nextTick(() => stream.uncork())
    const result = await this.client.query<Value[]>({
      text,
      rowMode: 'array',
      ...(name !== undefined && { name }),
      ...(parameters && { values: parameters as unknown[] }),
      ...(this.#patient && { query_timeout: patientMs }),
    })
    return { rows: result.rows, count: result.rowCount ?? 0, command: result.command }
  }
}

export class PgChannels implements Channels {
  readonly #pool: pg.Pool

  /** `name`: as the server lists its connections. */
  constructor(url: string, { name = 'facteur', processes = 1 }: { name?: string; processes?: number } = {}) {
    this.#pool = new pg.Pool({
      connectionString: url,
      pipeline: true,
      max: Math.max(fewestConnections, Math.ceil(maxConnections / processes)),
      connectionTimeoutMillis: connectMs,
      query_timeout: answerMs,
      keepAlive: true,
      application_name: name,
      types: { getTypeParser: ((oid: number) => parserOf(oid)) as pg.CustomTypesConfig['getTypeParser'] },
      onConnect: begin,
    })
    // An idle connection that ends is replaced by the next that is asked for.
    this.#pool.on('error', () => {})
  }

  async take(patient = false): Promise<Channel> {
    return new PgChannel(await this.#pool.connect(), patient)
  }

  give(channel: Channel, isBroken: boolean): void {
    if (channel instanceof PgChannel) channel.client.release(isBroken)
  }

  close(): Promise<void> {
    return this.#pool.end()
  }
}
