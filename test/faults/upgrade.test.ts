/** An upgrade that is killed, and a start of yesterday's version on today's data. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { storePath } from '../../src/ops/data-folder.ts'
import { runCli } from '../integration/service.ts'
import { makeAccounts } from './accounts.ts'
import { seeded } from './random.ts'
import { interruptUpgrades } from './upgrades.ts'

const seed = Number(process.env.FACTEUR_FAULT_SEED ?? Math.floor(Math.random() * 2 ** 32))

it(`begins an upgrade anew that was killed (seed ${seed})`, { timeout: 180_000 }, async () => {
  const { problems } = await interruptUpgrades({ times: 2, random: seeded(seed) })
  expect(problems).toEqual([])
})

let data: string
beforeEach(() => {
  data = mkdtempSync(path.join(tmpdir(), 'facteur-newer-'))
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

/** Every file with what it holds. */
function contentsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return Object.fromEntries(
    files
      .map(({ parentPath, name }) => path.join(parentPath, name))
      .map(file => [path.relative(folder, file), createHash('sha256').update(readFileSync(file)).digest('hex')]),
  )
}

const newer = 'CREATE TABLE tomorrow (a); INSERT INTO schema_version (version, applied_at) VALUES (999, 0)'

/** As a newer version leaves it that was killed: what it wrote is in the log alone. */
function leaveKilled(file: string): void {
  const script = `
    const { DatabaseSync } = require('node:sqlite')
    new DatabaseSync(${JSON.stringify(file)}).exec(${JSON.stringify(newer)})
    process.kill(process.pid, 'SIGKILL')`
  expect(spawnSync(process.execPath, ['-e', script]).signal).toBe('SIGKILL')
}

it.each([
  ['ended in good order', false],
  ['was killed', true],
])('refuses the data of a newer version that %s, and changes not a byte', { timeout: 180_000 }, async (_, isKilled) => {
  await makeAccounts(data, { users: ['alice'], mailboxes: ['INBOX'], password: 'correct horse battery' })
  const file = storePath({ data })
  if (isKilled) leaveKilled(file)
  else {
    const database = new DatabaseSync(file)
    database.exec(newer)
    database.close()
  }
  const before = contentsOf(data)
  expect(Object.keys(before)).toContain('facteur.db')
  expect(`${file}-wal` in before || readdirSync(data).includes('facteur.db-wal')).toBe(isKilled)
  // A backup of it, without what SQLite and the lock leave beside it.
  const copy = `${data}-copy`
  cpSync(file, path.join(copy, 'facteur.db'))
  try {
    const copied = contentsOf(copy)
    for (const command of isKilled ? [['serve'], ['verify']] : [['serve']]) {
      const environment = {
        FACTEUR_DATA: data,
        FACTEUR_HOSTNAME: 'mail.facteur.test',
        FACTEUR_LISTEN_SMTP: '127.0.0.1:0',
      }
      const { exitCode, stdout, stderr } = await runCli(command, { environment })
      expect(`${stdout}${stderr}`).toMatch(/the store is of version 999, newer than this program.*use a newer Facteur/)
      expect(exitCode, command.join(' ')).toBe(1)
      expect(contentsOf(data), command.join(' ')).toEqual(before)
      if (isKilled) continue
      await runCli(command, { environment: { ...environment, FACTEUR_DATA: copy } })
      expect(contentsOf(copy), command.join(' ')).toEqual(copied)
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
})
