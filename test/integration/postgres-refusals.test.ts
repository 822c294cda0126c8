/** Databases that can't be had, as an operator meets them: told in a line, at once. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Cluster, postgresPrograms, startCluster } from '../support/postgres.ts'
import { runCli } from './service.ts'

/** Below the minute for which a server waits for a sign-in. */
const soonMs = 30_000

describe.skipIf(postgresPrograms === null)(
  'a database that refuses (skipped where PostgreSQL is not installed)',
  () => {
    let cluster: Cluster
    let data: string
    /** By the name of a case. */
    const urls: Record<string, string> = {}

    beforeAll(async () => {
      cluster = await startCluster({ tcp: true })
      const own = await cluster.createDatabase('facteur')
      const as = (role: string): string => own.replace('postgres@', `${role}@`)
      await cluster.query('postgres', 'CREATE ROLE guest LOGIN')
      await cluster.query('postgres', "CREATE ROLE secretive LOGIN PASSWORD 'secret'")
      const [[hba] = []] = await cluster.query('postgres', 'SHOW hba_file')
      const lines = "ARRAY['host all secretive all scram-sha-256', 'host all all all trust']"
      await cluster.query('postgres', `COPY (SELECT unnest(${lines})) TO '${hba}'`)
      await cluster.query('postgres', 'SELECT pg_reload_conf()')
      urls['no password'] = as('secretive')
      urls['another’s'] = as('guest')
      urls['no TLS'] = `${own}?sslmode=require`
    })
    afterAll(() => cluster?.dispose())
    beforeEach(() => {
      data = mkdtempSync(path.join(tmpdir(), 'facteur-refused-'))
    })
    afterEach(() => rmSync(data, { recursive: true, force: true }))

    it.each([
      [
        'no password',
        'store: the database asks for a password, and none is given: put it into the URL, or into PGPASSWORD',
      ],
      ['another’s', 'store: the database answered: permission denied for schema public; '],
      ['no TLS', 'store: the database’s server has no TLS: '],
    ])('says what is wrong: %s', async (name, told) => {
      const environment = { FACTEUR_DATA: data, FACTEUR_BLOBS: `${data}/blobs`, FACTEUR_STORE: urls[name]! }
      const begun = Date.now()
      const { exitCode, stderr } = await runCli(['serve'], { environment })
      expect(Date.now() - begun).toBeLessThan(soonMs)
      expect(exitCode, stderr).toBe(1)
      expect(stderr).toMatch(/^facteur: [^\n]*\n$/)
      expect(stderr).toContain(told)
    })

    it('is told by facteur check as soon', async () => {
      const environment = { FACTEUR_DATA: data, FACTEUR_BLOBS: `${data}/blobs`, FACTEUR_STORE: urls['no password']! }
      const begun = Date.now()
      const { stdout } = await runCli(['check'], { environment })
      expect(Date.now() - begun).toBeLessThan(soonMs)
      expect(stdout).toContain('none is given: put it into the URL, or into PGPASSWORD')
    })
  },
)
