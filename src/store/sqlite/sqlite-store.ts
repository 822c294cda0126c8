import { StoredBlobs } from '../blobs/blobs.ts'
import { keepLarge, type LargeBlobs, largeBlobRow } from '../blobs/large.ts'
import { type Request, stagedBlobsOf } from '../operations/request.ts'
import { answer } from '../queries/index.ts'
import { sql } from '../sql.ts'
import { type Blobs, type Damage, type Operations, type Queries, type Store, StoreError } from '../store.ts'
import type { SqliteConnection } from './connection.ts'
import { errorOf } from './failure.ts'
import type { Snapshots } from './reader.ts'
import type { Writer } from './writer.ts'

type Swept = Operations['store.sweep']['result']

export interface SqliteStoreParts {
  snapshots: Snapshots
  /** For what must be known within one turn of the loop. */
  connection: SqliteConnection
  writer: Writer
  large: LargeBlobs
  /** Rejects where what sweeps would look at is not this store's, and can't be told to be. */
  requireOwn: () => Promise<void>
  /** Removes packs that nothing names. */
  sweepPacks: (isNamed: (pack: number) => boolean) => void
  verify: (progress?: (done: number, total: number) => void) => AsyncIterable<Damage>
  onClosed: () => void
}

export class SqliteStore implements Store {
  readonly blobs: Blobs
  readonly #parts: SqliteStoreParts
  #closed: Promise<void> | null = null

  constructor(parts: SqliteStoreParts) {
    this.#parts = parts
    this.blobs = new StoredBlobs(parts.large, query => parts.snapshots.read(query))
  }

  read<K extends keyof Queries>(query: K, args: Queries[K]['args']): Promise<Queries[K]['result']> {
    return this.#parts.snapshots.read(reader => answer(reader, query, args))
  }

  async write<K extends keyof Operations>(operation: K, args: Operations[K]['args']): Promise<Operations[K]['result']> {
    if (this.#closed) throw new StoreError('unavailable', 'the store is closed')
    // Operation and arguments belong together by this method's signature, which the union can't express.
    const request = { operation, args } as Request
    const letGo = keepLarge(this.#parts.large, stagedBlobsOf(request))
    const outcome = await this.#parts.writer.write(request).finally(letGo)
    if ('failure' in outcome) throw errorOf(outcome.failure)
    if (request.operation === 'store.sweep') {
      const swept = outcome.value as Swept
      await this.#parts.requireOwn()
      await this.#sweepBeside(swept, request.args)
    }
    return outcome.value as Operations[K]['result']
  }

  verify(progress?: (done: number, total: number) => void): AsyncIterable<Damage> {
    return this.#parts.verify(progress)
  }

  close(): Promise<void> {
    this.#closed ??= this.#parts.writer.close().then(this.#parts.onClosed)
    return this.#closed
  }

  #namesPack(pack: number): boolean {
    return this.#parts.connection.get(sql`SELECT 1 FROM blob WHERE pack = ${pack} LIMIT 1`) !== undefined
  }

  /** What lies beside the rows. */
  async #sweepBeside(swept: Swept, { limit, goesOn }: Operations['store.sweep']['args']): Promise<void> {
    const { large, connection, sweepPacks } = this.#parts
    const { more, failures } = await large.sweep(
      swept.removedLarge,
      limit,
      hash => largeBlobRow(connection, hash),
      goesOn,
    )
    swept.failures.push(...failures)
    swept.more ||= more
    if (swept.more) return
    try {
      sweepPacks(pack => this.#namesPack(pack))
    } catch (error) {
      swept.failures.push(error instanceof Error ? error.message : String(error))
    }
  }
}
