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

    it('has a node whose clock is behind: store restored waits until it is surely dead', async () => {
      const store = await cluster.createDatabase('restored')
      const restored = () =>
        runCli(['store', 'restored'], {
          environment: { FACTEUR_DATA: data, FACTEUR_BLOBS: `${data}/blobs`, FACTEUR_STORE: store },
        })
      expect(await restored()).toMatchObject({ exitCode: 0 })
      const values = "'a', 'mail1.test', '0.1.0', 1, '', 'running', 'none', '', 0"
      await cluster.query('restored', `INSERT INTO node VALUES (${values}, ${Date.now() - 45_000}, 0, 1)`)
      const refused = await restored()
      expect(refused.stderr).toMatch(/^facteur: the store is in use by mail1\.test: stop them first; /)
      expect(refused.exitCode).toBe(1)
      await cluster.query('restored', `UPDATE node SET seen_at = ${Date.now() - 200_000}`)
      expect(await restored()).toMatchObject({ exitCode: 0 })
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
