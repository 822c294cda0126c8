import type { ReadSnapshot } from '../blobs/blobs.ts'
import type { ReadLargeBlob } from '../blobs/large.ts'
import type { Statement, Value } from '../sql.ts'
import type { Damage } from '../store.ts'
import type { Reader } from '../transaction.ts'
import { verify } from '../verify/verify.ts'
import type { Channel, Channels } from './channel.ts'
import { storeError } from './failure.ts'
import { integrityOf } from './integrity.ts'
import { SessionReader } from './session.ts'

export type Progress = (done: number, total: number) => void

const ignore = (): void => {}

/** On one snapshot, beside a running service; ends where the caller has heard enough. */
export async function* verifyDatabase(
  channels: Channels,
  readNow: ReadSnapshot,
  readLarge: ReadLargeBlob,
  progress?: Progress,
): AsyncGenerator<Damage> {
  const channel = await channels.take(true)
  try {
    await channel.ask({ text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' })
    await channel.ask({ text: 'SET LOCAL statement_timeout = 0' })
    // One who hears slowly is no dead node.
    await channel.ask({ text: 'SET LOCAL idle_in_transaction_session_timeout = 0' })
    await channel.ask({ text: 'SAVEPOINT verified' })
    const engine = integrityOf(channel)
    yield* verify({ reader: new ForgivingReader(channel), readNow, readLarge, engine, ...(progress && { progress }) })
  } catch (error) {
    throw storeError(error)
  } finally {
    channel.ask({ text: 'ROLLBACK' }).catch(ignore)
    channels.give(channel, false)
  }
}

/** A statement that fails leaves the transaction as it was: the other checks go on. */
class ForgivingReader implements Reader {
  readonly packs = null
  readonly #channel: Channel
  readonly #reader: Reader

  constructor(channel: Channel) {
    this.#channel = channel
    this.#reader = new SessionReader({
      channel: () => Promise.resolve(channel),
      settledId: () => Promise.reject(new Error('a snapshot is not asked what is settled')),
    })
  }

  async get<Tuple extends Value[]>(statement: Statement): Promise<Tuple | undefined> {
    return (await this.all<Tuple>(statement))[0]
  }

  async all<Tuple extends Value[]>(statement: Statement): Promise<Tuple[]> {
    try {
      return await this.#reader.all<Tuple>(statement)
    } catch (error) {
      await this.#channel.ask({ text: 'ROLLBACK TO SAVEPOINT verified' })
      throw error
    }
  }

  settledId(): never {
    throw new Error('a snapshot is not asked what is settled')
  }
}
