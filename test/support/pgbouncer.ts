/** PgBouncer of a test's own, in front of a database. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from './free-port.ts'

const program = '/usr/sbin/pgbouncer'

/** False where it is not installed (package pgbouncer): the tests that need it are skipped. */
export const hasPgbouncer = ((): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

export type PoolMode = 'session' | 'transaction' | 'statement'

export interface Pooler {
  /** Of the database, through it. */
  readonly url: string
  /** It ends at once, as by a crash, and starts anew with others of its settings. */
  restart(mode: PoolMode, settings?: readonly string[]): Promise<void>
  stop(): Promise<void>
}

/** `url`: of a database, over TCP. Resolves once it answers. */
export async function startPooler(url: string, mode: PoolMode, settings: readonly string[] = []): Promise<Pooler> {
  const { hostname, port: serverPort, pathname } = new URL(url)
  const database = pathname.slice(1)
  const folder = mkdtempSync(path.join(tmpdir(), 'facteur-pgbouncer-'))
  // It refuses to run as root.
  chmodSync(folder, 0o755)
  const user = process.getuid?.() === 0 ? idsOf('postgres') : {}
  const port = await freePort()
  let child: ChildProcess | null = null
  let output = ''
  const start = async (mode: PoolMode, settings: readonly string[]): Promise<void> => {
    const file = path.join(folder, 'pgbouncer.ini')
    const lines = [
      '[databases]',
      `${database} = host=${hostname} port=${serverPort} user=postgres`,
      '[pgbouncer]',
      `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = any\nadmin_users = postgres`,
      `pool_mode = ${mode}\ndefault_pool_size = 60`,
      ...settings,
    ]
    writeFileSync(file, `${lines.join('\n')}\n`)
    const started = spawn(program, [file], { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] })
    child = started
    started.stderr.setEncoding('utf8').on('data', (said: string) => (output += said))
    while (!(await answers(port))) {
      if (started.exitCode !== null) throw new Error(`pgbouncer ended with ${started.exitCode}: ${output}`)
      await sleep(20)
    }
  }
  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  await start(mode, settings)
  return {
    url: `postgres://postgres@127.0.0.1:${port}/${database}`,
    async restart(mode, settings = []) {
      await kill()
      await start(mode, settings)
    },
    async stop() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function idsOf(user: string): { uid: number; gid: number } {
  const id = (flag: string): number => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** By its own console, which takes no connection to the server. */
async function answers(port: number): Promise<boolean> {
  const client = new pg.Client({ connectionString: `postgres://postgres@127.0.0.1:${port}/pgbouncer` })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}
