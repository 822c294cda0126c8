/** What a node can't go on with, whose memory or name is right no longer: it ends at once, gives back nothing, and says why. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cluster, postgresPrograms, startCluster } from '../support/postgres.ts'
import { type Nodes, startNodes } from './fixtures/nodes.ts'

describe.skipIf(postgresPrograms === null)(
  'a node that can’t go on (skipped where PostgreSQL is not installed)',
  () => {
    let cluster: Cluster
    let nodes: Nodes

    beforeAll(async () => {
      cluster = await startCluster({ tcp: true })
      nodes = await startNodes(0, { FACTEUR_STORE: await cluster.createDatabase('nodes') })
    })
    afterAll(async () => {
      await nodes?.stop()
      await cluster?.dispose()
    })

    /** It has begun later, under the same name. */
    const namesake = 'UPDATE node SET started_at = started_at + 1, beats = 1'
    /** As whoever finds it tells the others. */
    const behind = `INSERT INTO node_notice VALUES ('went-back', '0123456789abcdef other', ${Date.now()})`

    it.each([
      [
        'another has its name',
        '1',
        namesake,
        / runs already, at mail\d\.facteur\.test as process \d+: .*remove node\.id/,
      ],
      [
        'others have the names',
        '2',
        namesake,
        / runs already, at mail\d\.facteur\.test as process \d+: .*remove node\.id/,
      ],
      ['the database is behind', '1', behind, /^the database lacks what it had acknowledged.*facteur store restored/],
    ])('ends as by a crash where %s (workers: %s)', async (_, workers, change, problem) => {
      const node = await nodes.add({ FACTEUR_WORKERS: workers })
      await cluster.query('nodes', change)
      await expect.poll(() => isRunning(node.pid)).toBe(false)
      expect(await node.end()).toBe(1)
      const said = node.log.map(({ problem, msg }) => String(problem ?? msg).replace(/^facteur: /, ''))
      expect(said).toContainEqual(expect.stringMatching(problem))
      expect(said).not.toContain('stopping')
      // Its row is the other's.
      const left = await cluster.query('nodes', 'DELETE FROM node RETURNING node_id')
      expect(left).toHaveLength(Number(workers))
    })
  },
)

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
