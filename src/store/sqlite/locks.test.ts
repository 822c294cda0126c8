import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { SqliteConnection } from './connection.ts'
import { openWritable } from './database.ts'

it('keeps its locks on the database when it asks whether the disk answers for it', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'facteur-locks-'))
  const file = path.join(folder, 'facteur.db')
  const connection = openWritable(file)
  try {
    connection.execute('CREATE TABLE one (value INTEGER)')
    const { ino } = statSync(file)
    const locks = (): number =>
      readFileSync('/proc/locks', 'utf8')
        .split('\n')
        .filter(line => line.includes(` ${process.pid} `) && line.includes(`:${ino} `)).length
    const before = locks()
    expect(before).toBeGreaterThan(0)
    expect(connection.isReadable()).toBe(true)
    expect(locks()).toBe(before)
    rmSync(file)
    expect(connection.isReadable()).toBe(false)
  } finally {
    connection.close()
    rmSync(folder, { recursive: true })
  }
})

it('has nothing to ask of a database in memory', () => {
  const connection = new SqliteConnection(':memory:', { readOnly: false })
  expect(connection.isReadable()).toBe(true)
  connection.close()
})
