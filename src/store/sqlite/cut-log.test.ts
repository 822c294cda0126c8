import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../ops/clock.ts'
import { isLogCut } from './cut-log.ts'
import { openSqliteStore } from './open.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-cut-'))
  file = path.join(folder, 'facteur.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What a process leaves that is killed once `commits` are made, a part of them written back. */
function leave(commits: number, writtenBack = 0): void {
  const live = path.join(folder, 'live')
  mkdirSync(live)
  const database = new DatabaseSync(path.join(live, 'facteur.db'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (x)')
  const commit = (count: number): void => {
    for (let n = 0; n < count; n++) database.exec('INSERT INTO t VALUES (zeroblob(3000))')
  }
  commit(writtenBack)
  if (writtenBack > 0) database.exec('PRAGMA wal_checkpoint(PASSIVE)')
  commit(commits - writtenBack)
  for (const end of ['', '-wal', '-shm']) copyFileSync(path.join(live, `facteur.db${end}`), `${file}${end}`)
  database.close()
}

const length = (): number => readFileSync(`${file}-wal`).length

describe('a log', () => {
  it('that is whole is not cut, nor is none, nor one that is written back', () => {
    expect(isLogCut(file)).toBe(false)
    leave(5)
    expect(isLogCut(file)).toBe(false)
    // What comes behind the last commit was never acknowledged.
    writeFileSync(`${file}-wal`, Buffer.alloc(500), { flag: 'a' })
    expect(isLogCut(file)).toBe(false)
    rmSync(`${file}-shm`)
    truncateSync(`${file}-wal`, 100)
    expect(isLogCut(file)).toBe(false)
  })

  it('that was written back as a whole can go', () => {
    leave(5, 5)
    rmSync(`${file}-wal`)
    expect(isLogCut(file)).toBe(false)
  })

  it.each([
    ['a byte', () => truncateSync(`${file}-wal`, length() - 1)],
    ['the last commit', () => truncateSync(`${file}-wal`, length() - 4096 - 24)],
    ['all but its head', () => truncateSync(`${file}-wal`, 32)],
    ['all', () => truncateSync(`${file}-wal`, 0)],
    ['the file', () => rmSync(`${file}-wal`)],
    [
      'what a file system filled with zeros',
      () =>
        writeFileSync(
          `${file}-wal`,
          Buffer.concat([readFileSync(`${file}-wal`).subarray(0, -4120), Buffer.alloc(4120)]),
        ),
    ],
  ])('that lacks %s is cut', (_, cut) => {
    leave(5, 2)
    cut()
    expect(isLogCut(file)).toBe(true)
  })

  it('that was begun anew behind an index that is older is not', () => {
    leave(5)
    const bytes = readFileSync(`${file}-wal`)
    bytes.writeUInt32BE(7, 16)
    writeFileSync(`${file}-wal`, bytes.subarray(0, 32 + 4120))
    expect(isLogCut(file)).toBe(false)
  })
})

it('is told of once, at the start that finds it', async () => {
  leave(5)
  rmSync(`${file}-wal`)
  const open = async (): Promise<boolean> => {
    let isTold = false
    const store = await openSqliteStore({ path: file, clock: systemClock, onCut: () => (isTold = true) })
    await store.close()
    return isTold
  }
  expect(await open()).toBe(true)
  expect(await open()).toBe(false)
})
