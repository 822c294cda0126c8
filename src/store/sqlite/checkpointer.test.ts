import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../sql.ts'
import { Checkpointer } from './checkpointer.ts'
import type { SqliteConnection } from './connection.ts'
import { openReadOnly, openWritable } from './database.ts'

describe('writing the log back beside the writer', () => {
  let folder: string
  let file: string
  let connection: SqliteConnection

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'facteur-checkpoint-'))
    file = path.join(folder, 'test.db')
    connection = openWritable(file)
    connection.execute('CREATE TABLE t (a BLOB NOT NULL)')
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const commit = (): void => {
    connection.control('BEGIN IMMEDIATE')
    connection.run(sql`INSERT INTO t (a) VALUES (zeroblob(3000))`)
    connection.control('COMMIT')
  }

  it('leaves a log that begins anew while commits go on, and nothing is lost', async () => {
    const checkpointer = new Checkpointer(connection, file, { first: 100, last: 50 })
    let longest = 0
    let shorter = 0
    let before = 0
    let rows = 0
    const until = Date.now() + 60_000
    while (shorter < 3 && Date.now() < until) {
      commit()
      rows++
      checkpointer.committed()
      const waiting = connection.pagesToCheckpoint()
      if (waiting < before) shorter++
      before = waiting
      longest = Math.max(longest, waiting)
      await new Promise(resolve => setTimeout(resolve, 1))
    }
    expect(longest).toBeGreaterThanOrEqual(100)
    expect(shorter).toBe(3)
    await checkpointer.close()
    connection.finish()
    expect(statSync(file).size).toBeGreaterThan(rows * 3000)
    const reader = openReadOnly(file)
    expect(reader.get<[number]>(sql`SELECT count(*) FROM t`)).toEqual([rows])
    reader.close()
  })

  it('leaves it to commits to tell of a log that can not be read or written back', async () => {
    const checkpointer = new Checkpointer(connection, file, { first: 100, last: 50 })
    commit()
    connection.close()
    checkpointer.committed()
    checkpointer.writeBack()
    await checkpointer.close()
  })

  it('starts no thread where the log stays short', async () => {
    const checkpointer = new Checkpointer(connection, file, { first: 100, last: 50 })
    commit()
    checkpointer.committed()
    expect(connection.pagesToCheckpoint()).toBeGreaterThan(0)
    await checkpointer.close()
    connection.finish()
  })
})
