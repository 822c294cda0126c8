/** A PostgreSQL cluster of a test's own: in a temporary folder, on a socket there, gone with the test. */
import { execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from './free-port.ts'

/** Debian's packages lie beside each other by version; others on the PATH. */
async function programFolder(): Promise<string | null> {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? await readdir(debian) : []
  const newest = versions.sort((a, b) => Number(b) - Number(a)).find(version => Number(version) >= 15)
  if (newest !== undefined) return path.join(debian, newest, 'bin')
  try {
    return path.dirname(execFileSync('which', ['initdb'], { encoding: 'utf8' }).trim())
  } catch {
    return null
  }
}

/** Null where PostgreSQL is not installed (package postgresql): the tests that need it are skipped. */
export const postgresPrograms = await programFolder()

/** PostgreSQL refuses to run as root. */
function postgresUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

export interface Cluster {
  /** Of one of its databases. */
  url(database: string): string
  /** Makes an empty database; its URL. */
  createDatabase(name: string): Promise<string>
  query(database: string, text: string): Promise<unknown[][]>
  start(): Promise<void>
  /** As `pg_ctl stop -m`: immediate is what a power cut leaves, as far as the server's own memory goes. */
  stop(mode: 'fast' | 'immediate'): Promise<void>
  /** Its processes stand still, and keep their connections: as behind a line that was cut. */
  freeze(): void
  thaw(): void
  /** A copy that follows it, at 127.0.0.1, and goes with it. */
  standby(): Promise<Standby>
  dispose(): Promise<void>
}

export interface Standby {
  port: number
  /** It follows no longer, and stays as it is. */
  cutOff(): Promise<void>
  query(database: string, text: string): Promise<unknown[][]>
  /** It is the primary from then on. */
  promote(): Promise<void>
}

export interface ClusterOptions {
  /** Whether commits are written to the disk before they are answered. Without, tests are faster. */
  durable?: boolean
  /** Reached over TCP too, at 127.0.0.1. */
  tcp?: boolean
  settings?: string[]
}

export async function startCluster({
  durable = false,
  tcp = false,
  settings = [],
}: ClusterOptions = {}): Promise<Cluster> {
  if (postgresPrograms === null) throw new Error('PostgreSQL is not installed')
  const programs = postgresPrograms
  const user = postgresUser()
  const disposers: (() => Promise<void>)[] = []
  const folder = await mkdtemp(path.join(tmpdir(), 'facteur-pg-'))
  if (user.uid !== undefined && user.gid !== undefined) await chown(folder, user.uid, user.gid)
  const data = path.join(folder, 'data')
  const port = tcp ? await freePort() : 5432
  const run = async (program: string, args: string[], options: SpawnOptions = {}): Promise<void> => {
    const child = spawn(path.join(programs, program), args, { ...user, cwd: folder, stdio: 'ignore', ...options })
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`${program} ended with ${code}: see ${folder}`)
  }
  await run('initdb', [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
    '-k',
  ])
  const options = [
    `-c unix_socket_directories=${folder}`,
    '-c shared_buffers=64MB',
    '-c max_connections=100',
    ...(durable ? [] : ['-c fsync=off', '-c full_page_writes=off']),
    ...settings.map(setting => `-c ${setting}`),
  ].join(' ')
  const startAt = (data: string, address: string, port: number): Promise<void> => {
    const place = `-c listen_addresses=${address} -c port=${port} ${options}`
    return run('pg_ctl', ['-D', data, '-w', '-l', `${data}.log`, '-o', place, 'start'])
  }
  const start = (): Promise<void> => startAt(data, tcp ? '127.0.0.1' : "''", port)
  const stop = (mode: string): Promise<void> => run('pg_ctl', ['-D', data, '-w', '-m', mode, 'stop'])
  const url = (database: string): string =>
    tcp ? `postgres://postgres@127.0.0.1:${port}/${database}` : `postgres:///${database}?host=${folder}&user=postgres`
  const query = (database: string, text: string): Promise<unknown[][]> => queryAt(url(database), text)
  let standbys = 0
  const standby = async (): Promise<Standby> => {
    const data = path.join(folder, `standby-${++standbys}`)
    const port = await freePort()
    const from = ['-d', url('postgres'), '-R', '-X', 'stream', '-c', 'fast', '--no-sync']
    await run('pg_basebackup', [...from, '-D', data])
    await startAt(data, '127.0.0.1', port)
    disposers.push(() => run('pg_ctl', ['-D', data, '-w', '-m', 'immediate', 'stop']))
    return {
      port,
      query: (database, text) => queryAt(`postgres://postgres@127.0.0.1:${port}/${database}`, text),
      cutOff: async () => {
        const at = `postgres://postgres@127.0.0.1:${port}/postgres`
        await queryAt(at, "ALTER SYSTEM SET primary_conninfo = ''")
        await queryAt(at, 'SELECT pg_reload_conf()')
        while ((await queryAt(at, 'SELECT 1 FROM pg_stat_wal_receiver')).length > 0) await sleep(20)
      },
      promote: () => run('pg_ctl', ['-D', data, '-w', 'promote']),
    }
  }
  /** The first one before those it started, so that it starts no more. */
  const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => {
    const first = Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0])
    process.kill(first, name)
    const others = readFileSync(`/proc/${first}/task/${first}/children`, 'utf8').trim().split(' ')
    for (const other of others)
      try {
        process.kill(Number(other), name)
      } catch (error) {
        // What had its connection given up ends as soon as the first goes on.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
      }
  }
  await start()
  return {
    url,
    query,
    start,
    stop,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    standby,
    createDatabase: async name => {
      await query('postgres', `CREATE DATABASE ${name} TEMPLATE template0`)
      return url(name)
    },
    dispose: async () => {
      for (const dispose of [...disposers, () => stop('immediate')]) await dispose().catch(() => {})
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function queryAt(connectionString: string, text: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<unknown[]>({ text, rowMode: 'array' })).rows
  } finally {
    await client.end()
  }
}

/**
 * Empties a store's database, which takes a tenth of the time of making one. What has grown is cut: rows that are deleted stay where
 * they were, and each test behind would pass over them.
 */
export const emptyText = `DO $$
  DECLARE found record;
  BEGIN
    FOR found IN SELECT tablename AS name, pg_relation_size(tablename::regclass) AS bytes FROM pg_tables
      WHERE schemaname = 'public' AND tablename NOT IN ('schema_version', 'turn', 'counter')
    LOOP
      CASE
        WHEN found.bytes > 65536 THEN EXECUTE format('TRUNCATE %I', found.name);
        WHEN found.bytes > 0 THEN EXECUTE format('DELETE FROM %I', found.name);
        ELSE NULL;
      END CASE;
    END LOOP;
    UPDATE counter SET value = 0;
    FOR found IN SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public'
    LOOP PERFORM setval(found.name::regclass, 1, false); END LOOP;
  END $$`

export async function emptyStore(cluster: Cluster, database: string): Promise<void> {
  await cluster.query(database, emptyText)
}
