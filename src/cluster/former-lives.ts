/** What is left of processes that are gone, where it is known that none is there: on the embedded store, at its start. */
import type { Clock } from '../ops/clock.ts'
import type { Store } from '../store/store.ts'

/** Gives back all that was leased, and forgets who was there. */
export async function forgetFormerLives(store: Pick<Store, 'read' | 'write'>, clock: Clock): Promise<void> {
  const [nodes, work, queue] = await Promise.all([
    store.read('node.list', {}),
    store.read('workLease.list', {}),
    store.read('queue.leases', {}),
  ])
  for (const { owner } of queue) await store.write('queue.release', { owner })
  for (const nodeId of new Set([...nodes, ...work].map(row => row.nodeId))) {
    await store.write('webhook.release', { owner: nodeId, at: clock.now() })
    await store.write('node.leave', { nodeId })
  }
}
