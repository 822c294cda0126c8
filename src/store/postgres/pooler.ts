/**
 * A pooler that gives each transaction another of its connections (PgBouncer: `pool_mode = transaction`) is none to work through. What
 * is said for a session, such as that a COMMIT is on disk before it is answered, would hold for others' transactions and not for
 * one's own; and what another process has prepared under the same name would be run.
 */
import { StoreError } from '../store.ts'
import type { Channel, Channels } from './channel.ts'

/** Beside busy nodes two connections may have different ones of the server's once, by chance. */
const looks = 3

/** Rejects with `unavailable` where such a one is between. `channel`: in no transaction. */
export async function requireSession(channels: Channels, channel: Channel): Promise<void> {
  const own = await processOf(channel)
  // A pooler makes up the number that it tells at the sign-in. Where none is between, no second connection is needed.
  if (channel.process === null || channel.process === own) return
  const other = await channels.take()
  let isBroken = true
  try {
    // First, for one that allows no transactions at all.
    if ((await processOf(other)) === own) throw shared()
    for (let look = 0; look < looks; look++) {
      await other.ask({ text: 'BEGIN' })
      const taken = await processOf(other)
      // Twice, for one that gives them in turns.
      const now = [await processOf(channel), await processOf(channel)]
      await other.ask({ text: 'ROLLBACK' })
      if (taken === own || now.some(found => found !== own)) throw shared()
    }
    isBroken = false
  } finally {
    channels.give(other, isBroken)
  }
}

async function processOf(channel: Channel): Promise<number> {
  const { rows } = await channel.ask({ text: 'SELECT pg_backend_pid()' })
  return Number(rows[0]?.[0])
}

function shared(): StoreError {
  return new StoreError(
    'unavailable',
    'the pooler before the database gives each transaction another connection, and the service needs its own: set pool_mode = session there (PgBouncer), or name the server itself',
  )
}
