/**
 * Brings the schema up to date beside running nodes, and beside those who read for hours. A statement that changes a table waits for
 * all who have read or written it in a transaction, and whoever comes to that table meanwhile waits behind it. So it waits for a
 * moment only; then all is rolled back, and begins anew after a pause in which the others go on.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { migrations } from '../schema/index.ts'
import type { Migration } from '../schema/migration.ts'
import { StoreError } from '../store.ts'
import type { Channel, Channels } from './channel.ts'
import { codeOf } from './failure.ts'
import { lockLookMs, lockPauses } from './limits.ts'
import { migrate } from './migrate.ts'

export interface UpgradeOptions {
  at: number
  /** Told once, where a pause did not do: who is in the way, each in some words. */
  onHeldUp?: ((inTheWay: string[]) => void) | undefined
  /** Those of another version of the program, in a test. */
  steps?: readonly Migration[]
  /** Between two tries, in ms. */
  pauses?: readonly number[]
  wait?: (ms: number) => Promise<unknown>
}

/** Rejects with `unavailable` where others were in the way all the time; of them it names those of the last try. */
export async function upgrade(
  channels: Channels,
  channel: Channel,
  { at, onHeldUp, steps = migrations, pauses = lockPauses, wait = sleep }: UpgradeOptions,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    // Mostly nobody is in the way, and the first try needs no second connection.
    const looking = tries === 0 ? null : await lookWhoBlocks(channels, channel)
    try {
      return await migrate(channel, at, steps)
    } catch (error) {
      if (!isHeldUp(error)) throw error
      const inTheWay = (await looking?.seen()) ?? []
      const pause = pauses[tries]
      if (pause === undefined) throw heldUp(inTheWay)
      if (tries === 1) onHeldUp?.(inTheWay)
      await wait(pause)
    } finally {
      await looking?.seen()
    }
  }
}

/** A lock was not had in time, or two waited for each other. */
function isHeldUp(error: unknown): boolean {
  const code = codeOf(error)
  return code === '55P03' || code === '40P01'
}

interface Looking {
  /** Ends it, and tells who was seen last. */
  seen(): Promise<string[]>
}

/** Only while it waits does the server know for whom: on another connection it is asked again and again. */
async function lookWhoBlocks(channels: Channels, waiting: Channel): Promise<Looking> {
  const { rows } = await waiting.ask({ text: 'SELECT pg_backend_pid()' })
  const pid = Number(rows[0]?.[0])
  let isWaiting = true
  let last: string[] = []
  const look = async (): Promise<void> => {
    const channel = await channels.take()
    try {
      while (isWaiting) {
        const found = await blockersOf(channel, pid)
        if (found.length > 0) last = found
        await sleep(lockLookMs)
      }
    } finally {
      channels.give(channel, false)
    }
  }
  // Whoever can't look, as where the server has no connection left, is held up all the same.
  const looked = look().catch(() => {})
  return {
    seen: async () => {
      isWaiting = false
      await looked
      return last
    },
  }
}

async function blockersOf(channel: Channel, pid: number): Promise<string[]> {
  const { rows } = await channel.ask({
    text: `SELECT pid, application_name, to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      FROM (SELECT DISTINCT unnest(pg_blocking_pids(${pid})) AS pid) AS blocker LEFT JOIN pg_stat_activity USING (pid)
      ORDER BY xact_start, pid LIMIT 5`,
  })
  return (rows as Blocker[]).map(shown)
}

/** What the role may not know of another's is null. */
type Blocker = [pid: number, name: string | null, since: string | null]

function shown([pid, name, since]: Blocker): string {
  // By 0 the server means a transaction that was prepared and has no process.
  if (pid === 0) return 'a prepared transaction (pg_prepared_xacts)'
  const known = [name, since && `since ${since}`].filter(part => part)
  return known.length > 0 ? `pid ${pid} (${known.join(', ')})` : `pid ${pid}`
}

function heldUp(inTheWay: readonly string[]): StoreError {
  const named = inTheWay.join(', ') || 'transactions that had ended when they were looked for'
  return new StoreError(
    'unavailable',
    `the tables can’t be brought up to date: others had them in transactions all the time. In the way: ${named}. Nothing was changed: wait until these have ended, or end them, and start again`,
  )
}
