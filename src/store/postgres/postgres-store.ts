import { StoredBlobs } from '../blobs/blobs.ts'
import { keepLarge, type LargeBlobRow, type LargeBlobs, largeBlobRow, type ReadLargeBlob } from '../blobs/large.ts'
import { type Request, stagedBlobsOf } from '../operations/request.ts'
import { answer } from '../queries/index.ts'
import { type Blobs, type Damage, type Operations, type Queries, type Store, StoreError } from '../store.ts'
import type { Reader } from '../transaction.ts'
import type { ChannelSource, Channels } from './channel.ts'
import { isOverdue, kindOf, storeError } from './failure.ts'
import { lostDelays } from './limits.ts'
import { Patience } from './patience.ts'
import { SettledIds } from './settled-ids.ts'
import { withSnapshot } from './transact.ts'
import { type Progress, verifyDatabase } from './verifier.ts'
import { PostgresWriter } from './writer.ts'

export interface PostgresStoreParts {
  channels: Channels
  large: LargeBlobs
  /** Rejects where what sweeps would look at is not this store's, and can't be told to be. Not for one that only reads. */
  requireOwn?: () => Promise<void>
  /** Reads large blobs to prove them. */
  prove: ReadLargeBlob
  onCommit?: (operations: number) => void
}

/** Single rows, found at once. */
const lookUps = new Set<keyof Queries>([
  'address.lookup',
  'account.byAddress',
  'account.byId',
  'principal.byAddress',
  'principal.byId',
  'session.byToken',
])

/** What mail on its way and mail programs ask all the time: two messages to the database less for each. */
const usuallyOne = new Set<keyof Queries>([
  'mailbox.list',
  'mailbox.byName',
  'mailbox.changes',
  'mailbox.keywords',
  'message.uids',
  'message.rows',
  'message.described',
  'message.withBlob',
  'message.withHeader',
  'message.withEmail',
  'message.withIndex',
  'message.expungedSince',
])

export class PostgresStore implements Store {
  readonly blobs: Blobs
  readonly #parts: PostgresStoreParts
  readonly #settledIds = new SettledIds()
  readonly #patience = new Patience()
  readonly #writer: PostgresWriter
  #closed: Promise<void> | null = null

  constructor(parts: PostgresStoreParts) {
    this.#parts = parts
    this.#writer = new PostgresWriter(parts.channels, this.#settledIds, this.#patience)
    this.blobs = new StoredBlobs(parts.large, query => this.#read(query, parts.channels))
  }

  read<K extends keyof Queries>(query: K, args: Queries[K]['args']): Promise<Queries[K]['result']> {
    const { channels } = this.#parts
    const first = lookUps.has(query) ? channels.forLookUps : usuallyOne.has(query) ? channels : null
    return this.#read(reader => answer(reader, query, args), first)
  }

  async write<K extends keyof Operations>(operation: K, args: Operations[K]['args']): Promise<Operations[K]['result']> {
    if (this.#closed) throw new StoreError('unavailable', 'the store is closed')
    // Operation and arguments belong together by this method's signature, which the union can't express.
    const request = { operation, args } as Request
    const letGo = keepLarge(this.#parts.large, stagedBlobsOf(request))
    const value = (await this.#writer.write(request).finally(letGo)) as Operations[K]['result']
    this.#parts.onCommit?.(1)
    if (request.operation === 'store.sweep') {
      const swept = value as Operations['store.sweep']['result']
      await this.#parts.requireOwn?.()
      const rowOf = (hash: string): Promise<LargeBlobRow | undefined> => this.#rowOf(hash)
      const { limit, goesOn } = request.args
      const { more, failures } = await this.#parts.large.sweep(swept.removedLarge, limit, rowOf, goesOn)
      swept.more ||= more
      swept.failures.push(...failures)
    }
    return value
  }

  verify(progress?: Progress): AsyncIterable<Damage> {
    return verifyDatabase(
      this.#parts.channels,
      query => this.#read(query, this.#parts.channels),
      this.#parts.prove,
      progress,
    )
  }

  hurry(): void {
    this.#patience.end()
  }

  close(): Promise<void> {
    this.#closed ??= this.#writer.idle().then(() => this.#parts.channels.close())
    return this.#closed
  }

  /** One that lost its connection is asked again: it changes nothing. */
  async #read<T>(query: (reader: Reader) => Promise<T>, first: ChannelSource | null): Promise<T> {
    for (let losses = 0, overdue = 0; ; ) {
      try {
        return await withSnapshot(this.#parts.channels, this.#settledIds, query, first)
      } catch (error) {
        const isGone = kindOf(error) === 'lost' && !(isOverdue(error) && overdue++ > 0)
        const delay = isGone && !this.#closed && !this.#patience.isOver ? lostDelays[losses++] : undefined
        if (delay === undefined) throw storeError(error)
        await this.#patience.wait(delay)
      }
    }
  }

  #rowOf(hash: string): Promise<LargeBlobRow | undefined> {
    return this.#read(reader => largeBlobRow(reader, hash), this.#parts.channels)
  }
}
