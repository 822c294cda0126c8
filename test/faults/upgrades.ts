/**
 * The process is killed while it brings a store up to date, again and again, at a statement or in the midst of its commit. The next
 * start begins anew or goes on, and what was in the store is there.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../../src/ops/clock.ts'
import { initial } from '../../src/store/schema/0001-initial.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Outcome, RunOptions } from './fault.ts'
import type { Random } from './random.ts'
import { whyNoStrace } from './strace.ts'

const accounts = 200
const mostKills = 3
/** For each round that is wanted: where the upgrade ends before its kill more often, the kills are aimed wrong. */
const missesEach = 3

/** Of the calls that put it on disk, about as many as there are. */
const calls: readonly (readonly [name: string, most: number])[] = [
  ['pwrite64', 150],
  ['fsync,fdatasync', 6],
]

/** A store as version 1 left it. */
export function makeVersionOne(file: string): void {
  const database = new DatabaseSync(file)
  try {
    database.exec('PRAGMA journal_mode = WAL; BEGIN')
    database.exec('CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT')
    for (const statement of initial.statements) database.exec(statement)
    database.exec(
      `INSERT INTO schema_version VALUES (1, 5); INSERT INTO domain VALUES ('example.org', NULL, 5, ${accounts})`,
    )
    const account = database.prepare("INSERT INTO account VALUES (?, ?, 'example.org', ?, 1000, 0, 0, 1, 2, 1, 9, 6)")
    const mailbox = database.prepare("INSERT INTO mailbox VALUES (?, 1, 'INBOX', NULL, 9, 1, 1, 1, 0, 0, 0, 0)")
    for (let id = 1; id <= accounts; id++) {
      account.run(id, `user${id}@example.org`, `$argon2id$${id}`)
      mailbox.run(id)
    }
    database.exec(`UPDATE counter SET value = ${accounts} WHERE name = 'account'; COMMIT`)
  } finally {
    database.close()
  }
}

const child = path.join(import.meta.dirname, 'upgrade-child.ts')

/** Null where it was killed; else how many statements an upgrade takes. */
function upgrade(file: string, statements: number | null, inject: string | null): number | null {
  const command = [process.execPath, child, file, String(statements ?? Number.POSITIVE_INFINITY)]
  const [name = '', ...args] = inject === null ? command : ['strace', '-f', '-o', '/dev/null', '-e', inject, ...command]
  const { signal, status, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8' })
  // strace ends as what it traces did.
  if (signal === 'SIGKILL') return null
  if (status !== 0) throw new Error(`the upgrade ended with ${status ?? signal}: ${stderr}`)
  return Number(stdout)
}

export async function interruptUpgrades({ times, random, onRound }: RunOptions): Promise<Outcome> {
  const problems: string[] = []
  let rounds = 0
  let missed = 0
  let statements = 0
  // The first is not interrupted: it tells how many statements there are.
  for (let round = 0; rounds < times && problems.length === 0; round++) {
    const folder = mkdtempSync(path.join(tmpdir(), 'facteur-upgrades-'))
    const file = path.join(folder, 'facteur.db')
    try {
      makeVersionOne(file)
      const told: string[] = []
      let kills = 0
      for (let left = round === 0 ? 0 : random.between(1, mostKills); left > 0; left--) {
        const { text, isDone } = strike(file, statements, random)
        told.push(text)
        if (isDone) break
        kills++
      }
      const last = upgrade(file, null, null)
      if (round === 0) statements = last ?? 0
      problems.push(...(await problemsOf(file)))
      if (kills > 0) rounds++
      else if (round > 0) missed++
      onRound?.(round, told.join(', ') || `${statements} statements`)
    } catch (error) {
      problems.push(`round ${round}: ${error instanceof Error ? error.stack : error}`)
    }
    if (missed > missesEach * times) problems.push(`the upgrade was interrupted in ${rounds} of ${round} rounds only`)
    if (problems.length > 0) return { rounds, missed, acknowledged: rounds, refused: new Map(), problems, kept: folder }
    rmSync(folder, { recursive: true, force: true })
  }
  return { rounds, missed, acknowledged: rounds, refused: new Map(), problems }
}

function strike(file: string, statements: number, random: Random): { text: string; isDone: boolean } {
  if (whyNoStrace() !== null || random.below(2) === 0) {
    const at = random.below(statements)
    const isDone = upgrade(file, at, null) !== null
    return { text: isDone ? `not killed at statement ${at}` : `killed at statement ${at} of ${statements}`, isDone }
  }
  const [name, most] = random.pick(calls)
  const when = random.between(1, most)
  const isDone = upgrade(file, null, `inject=${name}:signal=KILL:when=${when}`) !== null
  return { text: `${isDone ? 'not ' : ''}killed at ${name} ${when}`, isDone }
}

async function problemsOf(file: string): Promise<string[]> {
  const problems: string[] = []
  const store = await openSqliteStore({ path: file, clock: systemClock })
  try {
    for await (const { table, key, problem } of store.verify()) problems.push(`${table} ${key}: ${problem}`)
    for (let id = 1; id <= accounts; id++) {
      const address = `user${id}@example.org`
      const found = await store.read('principal.byAddress', { address })
      if (found?.principalId !== id || found.passwordHash !== `$argon2id$${id}`)
        problems.push(`${address} is ${JSON.stringify(found)}`)
      const inbox = await store.read('mailbox.byName', { accountId: id, name: 'INBOX' })
      if (inbox?.uidValidity !== 9) problems.push(`the INBOX of ${address} is ${JSON.stringify(inbox)}`)
    }
  } finally {
    await store.close()
  }
  return problems
}
