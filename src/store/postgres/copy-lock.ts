/**
 * A copy and nodes keep out of each other's way. A copy holds a lock of its session, which ends with it however it ends; whoever
 * opens the store looks whether it is held, which holds up no other who looks. Between the two nothing slips through: who looked
 * before the copy had the lock was connected already, and the copy counts connections once it has it.
 */
import { StoreError } from '../store.ts'
import type { Channel } from './channel.ts'

/** How the connections of nodes and commands are called, and those of a copy. */
export const nodeName = 'facteur'
export const copyName = 'facteur-copy'

const key = `hashtext('${copyName}')`

/** For a copy, on the connection that it keeps to its end. Rejects with `unavailable` where a node is connected, or another copy is under way. */
export async function holdForCopy(channel: Channel): Promise<void> {
  // First: a copy that is refused because nodes run turns away nobody who starts at this moment.
  await refuseNodes(channel)
  const { rows } = await channel.ask({ text: `SELECT pg_try_advisory_lock(${key})` })
  await refuseNodes(channel)
  if (rows[0]?.[0] !== 1) throw underWay()
}

/** For whoever opens a store. */
export async function refuseDuringCopy(channel: Channel): Promise<void> {
  const { rows } = await channel.ask({ text: `SELECT pg_try_advisory_xact_lock_shared(${key})` })
  if (rows[0]?.[0] !== 1) throw underWay()
}

async function refuseNodes(channel: Channel): Promise<void> {
  const { rows } = await channel.ask({
    text: `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = '${nodeName}'`,
  })
  const connections = Number(rows[0]?.[0])
  if (connections > 0)
    throw new StoreError(
      'unavailable',
      `the store is in use: nodes have ${connections} connections to it; stop them first`,
    )
}

function underWay(): StoreError {
  return new StoreError(
    'unavailable',
    'a copy of this database, or into it, is under way (facteur store copy): nothing else may use it until that has ended',
  )
}
