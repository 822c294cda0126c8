/** Opens a store on PostgreSQL: for the service, of which several may run on one database, or for reading alone. */
import type { Clock } from '../../ops/clock.ts'
import { type Mark, refuseTaken, requireOwn } from '../blobs/mark.ts'
import { type BlobPlace, markOf, openLargeBlobs, provingReader } from '../blobs/place.ts'
import type { ReadOnlyStore } from '../store.ts'
import type { Channel, Channels } from './channel.ts'
import { refuseDuringCopy } from './copy-lock.ts'
import { kindOf, storeError } from './failure.ts'
import { openTries } from './limits.ts'
import { isStore, ownId, refuseUnfinishedCopy, requireCurrent, requireCurrentOrNewer } from './migrate.ts'
import { PgChannels } from './pg-channels.ts'
import { requireSession } from './pooler.ts'
import { PostgresStore } from './postgres-store.ts'
import { upgrade } from './upgrade.ts'

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`. */
  url: string
  /** Where large blobs are kept; the same for all nodes. */
  blobs: BlobPlace
  clock: Clock
  /** Told after each commit. */
  onCommit?: (operations: number) => void
  /** Told once where others keep it from bringing the tables up to date, while it goes on trying. */
  onHeldUp?: ((inTheWay: string[]) => void) | undefined
  /** Told where the database lacks what this process has committed: a standby took over that was behind. */
  onWentBack?: (() => void) | undefined
  /** Of this node, which share its connections evenly. By default 1. */
  processes?: number
  /** Of a thread or a process of a service that has opened it: a version that is newer by now is no reason to refuse it. */
  takesNewer?: boolean
  /** Other connections than the driver's to `url`. */
  channels?: Channels
}

/** Rejects with `unavailable` where the database can't be had, a copy has it, or it is of a newer version, unless that is taken. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { url, blobs, clock, onCommit, onHeldUp, processes = 1, takesNewer = false } = options
  const { channels = new PgChannels(url, { processes, onWentBack: options.onWentBack }) } = options
  const mark = markOf(blobs)
  let id = ''
  const bringUp = async (channel: Channel): Promise<void> => {
    await refuseTakenPlace(channel, mark)
    await upgrade(channels, channel, { at: clock.now(), onHeldUp })
  }
  const open = async (channel: Channel): Promise<void> => {
    await (takesNewer ? requireCurrentOrNewer(channel) : bringUp(channel))
    id = await ownId(channel)
  }
  await prepare(channels, open, true)
  try {
    if (!takesNewer) await requireOwn([mark], id, { isOpening: true })
    // Only now: another version's files are left alone as well.
    const large = openLargeBlobs(blobs, { clock, use: 'shared' })
    return new PostgresStore({
      channels,
      large,
      requireOwn: () => requireOwn([mark], id),
      prove: provingReader(blobs),
      ...(onCommit && { onCommit }),
    })
  } catch (error) {
    await channels.close()
    throw error
  }
}

async function refuseTakenPlace(channel: Channel, mark: Mark): Promise<void> {
  if (await isStore(channel)) return
  try {
    await refuseTaken([mark], 'the database')
  } catch (error) {
    // Another node has made the store and marked the place meanwhile.
    if (!(await isStore(channel))) throw error
  }
}

/** Rejects with `not-found` where there is no store, `unavailable` where a copy has it, or it is not of this program's version, or a newer one that is taken. */
export async function openPostgresReader(options: PostgresStoreOptions): Promise<ReadOnlyStore> {
  const { url, blobs, clock, takesNewer = false } = options
  const channels = new PgChannels(url)
  await prepare(channels, takesNewer ? requireCurrentOrNewer : requireCurrent)
  return new PostgresStore({
    channels,
    large: openLargeBlobs(blobs, { clock, use: 'reading' }),
    prove: provingReader(blobs),
  })
}

export async function prepare(
  channels: Channels,
  action: (channel: Channel) => Promise<unknown>,
  patient = false,
): Promise<void> {
  for (let left = openTries; ; left--) {
    try {
      const channel = await channels.take(patient)
      try {
        await requireSession(channels, channel)
        await refuseDuringCopy(channel)
        await refuseUnfinishedCopy(channel)
        await action(channel)
      } finally {
        channels.give(channel, false)
      }
      return
    } catch (error) {
      if (kindOf(error) === 'contention' && left > 1) continue
      await channels.close()
      throw storeError(error)
    }
  }
}
