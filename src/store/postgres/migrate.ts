import { idSetting, newStoreId } from '../blobs/mark.ts'
import { notesTable, unfinished } from '../copy/notes.ts'
import { migrations } from '../schema/index.ts'
import type { Migration } from '../schema/migration.ts'
import { StoreError } from '../store.ts'
import type { Answer, Channel } from './channel.ts'
import { lockTryMs } from './limits.ts'
import { onPostgres } from './schema-text.ts'

const newestOf = (steps: readonly Migration[]): number => steps.at(-1)?.version ?? 0
const newest = newestOf(migrations)
/** The oldest that the statements were run on. */
const oldestServer = 15

const ignore = (): void => {}

/**
 * Brings the schema up to date, in one transaction; of several nodes that start at once, one does. It waits for a lock no longer than
 * running nodes can wait behind it. A database of a newer version is only looked at. `steps`: those of another version of the program, in a test of the two side by side.
 */
export async function migrate(channel: Channel, at: number, steps: readonly Migration[] = migrations): Promise<void> {
  const newest = newestOf(steps)
  await requireServer(channel)
  const found = (await versionOf(channel)) ?? 0
  refuseNewer(found, newest)
  if (found === newest) return
  await channel.ask({ text: 'BEGIN' })
  try {
    await channel.ask({ text: `SET LOCAL lock_timeout = ${lockTryMs}` })
    await channel.ask({
      text: 'CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, applied_at BIGINT NOT NULL)',
    })
    await channel.ask({ text: 'LOCK TABLE schema_version IN EXCLUSIVE MODE' })
    // Another may have done it since.
    const version = (await versionOf(channel)) ?? 0
    refuseNewer(version, newest)
    for (const migration of steps) {
      if (migration.version <= version) continue
      const statements = [...migration.statements.map(onPostgres), ...(migration.postgres ?? [])]
      for (const text of statements) await channel.ask({ text })
      await channel.ask({
        name: 'note_version',
        text: 'INSERT INTO schema_version (version, applied_at) VALUES ($1, $2)',
        parameters: [String(migration.version), String(at)],
      })
    }
    await channel.ask({ text: 'COMMIT' })
  } catch (error) {
    channel.ask({ text: 'ROLLBACK' }).catch(ignore)
    throw error
  }
}

/** The store's id; one is made where it has none, of several nodes that start at once by one. */
export async function ownId(channel: Channel): Promise<string> {
  const text = `SELECT value FROM setting WHERE name = '${idSetting}'`
  const found = await channel.ask({ text })
  if (found.rows.length > 0) return String(found.rows[0]?.[0])
  await channel.ask({
    text: `INSERT INTO setting (name, value) VALUES ('${idSetting}', '${newStoreId()}') ON CONFLICT (name) DO NOTHING`,
  })
  return String((await channel.ask({ text })).rows[0]?.[0])
}

/** Whether a store was ever made in it. */
export async function isStore(channel: Channel): Promise<boolean> {
  return ((await versionOf(channel)) ?? 0) > 0
}

/** For those who only read: they can't bring it up to date. */
export async function requireCurrent(channel: Channel): Promise<void> {
  refuseNewer(await requireCurrentOrNewer(channel), newest)
}

/** For threads and processes of a service that runs: what another node's newer version added since hinders them as little as it. */
export async function requireCurrentOrNewer(channel: Channel): Promise<number> {
  await requireServer(channel)
  const version = await versionOf(channel)
  if (version === null) throw new StoreError('not-found', 'there is no store in this database')
  if (version < newest)
    throw new StoreError(
      'unavailable',
      `the store is of version ${version}, this program reads version ${newest}: start the service once to bring it up to date`,
    )
  return version
}

/** Null where there is no store. */
async function versionOf(channel: Channel): Promise<number | null> {
  const table = await channel.ask({ text: "SELECT CASE WHEN to_regclass('schema_version') IS NULL THEN 0 ELSE 1 END" })
  if (numberOf(table) === 0) return null
  return numberOf(await channel.ask({ text: 'SELECT MAX(version) FROM schema_version' }))
}

/** For those who want a whole store. */
export async function refuseUnfinishedCopy(channel: Channel): Promise<void> {
  const { rows } = await channel.ask({
    text: `SELECT CASE WHEN to_regclass('${notesTable}') IS NULL THEN 0 ELSE 1 END`,
  })
  if (rows[0]?.[0] === 1) throw unfinished()
}

async function requireServer(channel: Channel): Promise<void> {
  const { rows } = await channel.ask({
    text: "SELECT current_setting('server_version_num'), current_setting('server_encoding')",
  })
  const [[version, encoding] = []] = rows
  if (Math.floor(Number(version) / 10_000) < oldestServer)
    throw new StoreError('unavailable', `PostgreSQL ${oldestServer} or later is needed, the server is of ${version}`)
  if (encoding !== 'UTF8')
    throw new StoreError('unavailable', `the database's encoding must be UTF8, and is ${encoding}: make it anew`)
}

function numberOf({ rows }: Answer): number {
  return Number(rows[0]?.[0] ?? 0)
}

function refuseNewer(version: number, newest: number): void {
  if (version > newest)
    throw new StoreError(
      'unavailable',
      `the store is of version ${version}, newer than this program, which knows versions up to ${newest}: use a newer Facteur`,
    )
}
