/**
 * Services that one load kit drives in turn. The kit is a folder with drivers (smtp-load.mjs, imap-load.mjs, pop3-load.mjs), which
 * add lines to a file of results; its settings (BENCH_…) are passed on.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Measurement } from './peer-figures.ts'

export interface Target {
  name: string
  /** Takes start, stop, pids and so on. */
  script: string
  /** Of the script. */
  env: NodeJS.ProcessEnv
  /** Of the drivers, where other than the script's. */
  driverEnv?: NodeJS.ProcessEnv
  /** Where its mail lies, if not where the kit looks by itself. */
  data?: string
}

export const loadParts = ['smtp', 'imap', 'lists', 'pop3', 'tls', 'idle', 'disk'] as const

/** As they are given. */
export type LoadOptions = Omit<Load, 'kit' | 'results'>

export interface Load {
  kit: string
  /** File of results. */
  results: string
  runs: number
  parts: readonly (typeof loadParts)[number][]
  /** Messages of the large mailbox. */
  count: number
  /** Of each SMTP measure; of one connection a sixth. */
  messages: number
  /** Empties the whole machine's page cache for the cold measure. */
  cold: boolean
}

/** Beside those of the kit; of the large mailbox, which `imap` fills. */
const listsDriver = path.join(import.meta.dirname, 'lists-load.ts')
const imapParts = 'body,store,copy,append,search,sort,resync,login,mixed'
const tlsParts = 'warm,body,login,mixed'
const idleConnections = ['1000', '5000']
/** Open files of a driver, each connection one. */
const descriptors = 20_000

/** Ports that nobody else's script has. */
export const ownPorts = { SMTP: 13025, IMAP: 13143, IMAPS: 13993, POP3: 13110 }
export const portSettings = (ports: Record<string, number>): Record<string, string> =>
  Object.fromEntries(Object.entries(ports).map(([name, port]) => [`BENCH_${name}_PORT`, String(port)]))

export function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

/** Ends the program where it is no kit. */
export function kitAt(given: string | undefined): string {
  if (!given) fail('--kit FOLDER: where the load kit lies')
  const kit = path.resolve(given)
  for (const file of ['smtp-load.mjs', 'imap-load.mjs'])
    if (!existsSync(path.join(kit, file))) fail(`there is no ${path.join(kit, file)}`)
  return kit
}

/** What it prints; of `start` nothing, since what it starts would hold the pipe. */
function control({ script, env, name }: Target, command: 'start' | 'stop' | 'wipe' | 'pids'): string {
  const stdout = command === 'pids' ? 'pipe' : 'ignore'
  const run = spawnSync('bash', [script, command], { env, encoding: 'utf8', stdio: ['ignore', stdout, 'inherit'] })
  if (run.status !== 0) throw new Error(`${name}: ${command} failed`)
  return run.stdout?.trim() ?? ''
}

/** IMAP on the port for it; the kit's own, where there is no other. */
function overTls({ env, driverEnv = env }: Target): string[] {
  return ['--tls', '--imap-port', driverEnv.BENCH_IMAPS_PORT ?? '11993']
}

/** All of them run all the while; each measure is taken of one after the other. */
export function runInTurn(targets: readonly Target[], load: Load): void {
  const { kit, results, runs, parts, messages, cold } = load
  // Of lines of an earlier run alone.
  if (runs === 0) return
  const drive = (target: Target, driver: string, run: number, extra: string[]): void => {
    const { name, env, driverEnv = env } = target
    process.stderr.write(`run ${run}: ${name}, ${driver} ${extra.join(' ')}\n`)
    const common = ['--target', name, '--run', String(run), '--out', results, '--server-pids', control(target, 'pids')]
    const program = [process.execPath, path.resolve(kit, driver), ...common, ...extra]
    const limited = ['-c', `ulimit -n ${descriptors}; exec "$@"`, 'bash', ...program]
    const { status } = spawnSync('bash', limited, { env: driverEnv, stdio: ['ignore', 'ignore', 'inherit'] })
    // A measure that fails is missing in the table; the others are worth having.
    if (status !== 0) process.stderr.write(`${name}: ${driver} ended with ${status}\n`)
  }
  const eachInTurn = (run: number, driver: string, extra: (target: Target) => string[]): void => {
    for (const target of targets) drive(target, driver, run, extra(target))
  }
  const measure = (run: number): void => {
    if (parts.includes('smtp'))
      for (const [connections, count] of [
        [1, Math.ceil(messages / 6)],
        [10, messages],
        [50, messages],
      ] as const)
        eachInTurn(run, 'smtp-load.mjs', () => ['--connections', String(connections), '--messages', String(count)])
    if (parts.includes('imap')) {
      const mailbox = ['--count', String(load.count)]
      // In the target's own settings, which are not those of the driver where something stands between them.
      const hook = ({ script, env, driverEnv = env }: Target, command: string): string => {
        const own = Object.entries(env).filter(([name, value]) => driverEnv[name] !== value)
        return ['env', ...own.map(([name, value]) => `'${name}=${value}'`), 'bash', `'${script}'`, command].join(' ')
      }
      if (run === 1) eachInTurn(run, 'imap-load.mjs', () => ['--parts', 'populate', ...mailbox])
      eachInTurn(run, 'imap-load.mjs', of => [
        '--parts',
        'first,warm',
        '--forget-cmd',
        hook(of, 'forget-index u0001'),
        ...mailbox,
      ])
      if (cold)
        eachInTurn(run, 'imap-load.mjs', of => ['--parts', 'cold', '--cold-cmd', hook(of, 'drop-caches'), ...mailbox])
      eachInTurn(run, 'imap-load.mjs', () => ['--parts', imapParts, ...mailbox])
    }
    if (parts.includes('lists')) {
      if (run === 1 && !parts.includes('imap'))
        eachInTurn(run, 'imap-load.mjs', () => ['--parts', 'populate', '--count', String(load.count)])
      eachInTurn(run, listsDriver, () => ['--messages', String(Math.min(load.count, 5_000))])
    }
    if (parts.includes('pop3')) eachInTurn(run, 'pop3-load.mjs', () => [])
    if (parts.includes('tls'))
      eachInTurn(run, 'imap-load.mjs', of => [...overTls(of), '--parts', tlsParts, '--count', String(load.count)])
    if (parts.includes('idle'))
      for (const connections of idleConnections) eachInTurn(run, 'idle-mem.mjs', () => ['--connections', connections])
    if (parts.includes('idle') && parts.includes('tls'))
      eachInTurn(run, 'idle-mem.mjs', of => [...overTls(of), '--connections', idleConnections[0]!])
    if (parts.includes('disk')) eachInTurn(run, 'disk-use.mjs', ({ data }) => (data ? ['--paths', data] : []))
  }

  const started: Target[] = []
  try {
    for (const target of targets) {
      // Only where nothing runs; and then empty, as the other is.
      control(target, 'start')
      started.push(target)
      control(target, 'wipe')
    }
    // What is not measured: the first messages meet cold code and empty caches.
    if (parts.includes('smtp'))
      eachInTurn(0, 'smtp-load.mjs', () => ['--connections', '10', '--messages', String(messages)])
    for (let run = 1; run <= runs; run++) measure(run)
  } finally {
    for (const target of started)
      try {
        control(target, 'stop')
      } catch (error) {
        process.stderr.write(`${error}\n`)
      }
  }
}

export function measurementsIn(results: string): Measurement[] {
  return readFileSync(results, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Measurement & { run: number })
    .filter(({ run }) => run > 0)
}
