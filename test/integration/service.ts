/** The real service as a child process: a data folder of its own, free ports on loopback, the command line beside it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../support/free-port.ts'

export const services = [
  'smtp',
  'submission',
  'submissions',
  'imap',
  'imaps',
  'pop3',
  'pop3s',
  'managesieve',
  'https',
  'panel',
  'http',
] as const
export type ServiceName = (typeof services)[number]

export interface Finished {
  exitCode: number | null
  stdout: string
  stderr: string
}

export interface Service {
  /** The same after a restart. */
  readonly ports: Record<ServiceName, number>
  readonly data: string
  readonly pid: number
  /** The settings it runs with, as variables; commands beside it get the same. */
  readonly environment: Record<string, string>
  /** What it printed on standard output since its last start. */
  readonly stdout: string
  /** Log lines since the first start. */
  readonly log: Record<string, unknown>[]
  /** A command on this data folder, whether or not the service runs. */
  cli(args: string[], options?: CliOptions): Promise<Finished>
  /** Rejects where it doesn't come up, with what it said. */
  start(): Promise<void>
  /** Ends it in good order; resolves with its exit code. The data folder stays until `stop`. */
  end(): Promise<number | null>
  kill(signal: NodeJS.Signals): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

export interface CliOptions {
  stdin?: string
  environment?: Record<string, string>
  folder?: string
  /** Instead of the Node that runs the tests. */
  node?: string
  /** The id of the user who runs it, and of his group; for root alone. */
  user?: number
}

const program = path.resolve(import.meta.dirname, '../../bin/facteur.js')
/** A start takes about a second; a machine with much other work, most of a minute. */
const START_MS = 180_000

/** Without settings of the shell the tests are run from. */
export function cleanEnvironment(more: Record<string, string> = {}): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('FACTEUR_') && !name.startsWith('VITEST'),
  )
  return { ...(Object.fromEntries(inherited) as Record<string, string>), ...more }
}

export function runCli(
  args: string[],
  { stdin = '', environment = {}, folder, node, user }: CliOptions = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(node ?? process.execPath, [program, ...args], {
      env: cleanEnvironment(environment),
      ...(folder === undefined ? {} : { cwd: folder }),
      ...(user === undefined ? {} : { uid: user, gid: user }),
    })
    const finished: Finished = { exitCode: null, stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', text => (finished.stdout += text))
    child.stderr.setEncoding('utf8').on('data', text => (finished.stderr += text))
    child.stdin.on('error', () => {}).end(stdin)
    child.once('error', reject)
    child.once('close', exitCode => resolve({ ...finished, exitCode }))
  })
}

/** `settings`: environment variables; `seed` fills the data folder first. Ends with `stop()`. */
export async function startService(
  settings: Record<string, string> = {},
  seed: (data: string) => Promise<void> = async () => {},
): Promise<Service> {
  const data = mkdtempSync(path.join(tmpdir(), 'facteur-service-'))
  const service = new ChildService(data, settings)
  try {
    await seed(data)
    await service.start()
  } catch (error) {
    await service.stop()
    throw error
  }
  return service
}

const listenVariable = (name: ServiceName): string => `FACTEUR_LISTEN_${name.toUpperCase()}`

class ChildService implements Service {
  readonly ports = Object.fromEntries(services.map(name => [name, 0])) as Record<ServiceName, number>
  readonly data: string
  readonly log: Record<string, unknown>[] = []
  stdout = ''
  readonly #settings: Record<string, string>
  #child: ChildProcess | null = null
  #onStarted = (): void => {}

  constructor(data: string, settings: Record<string, string>) {
    this.data = data
    this.#settings = settings
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  async start(): Promise<void> {
    this.stdout = ''
    for (const name of services)
      if (this.#settings[listenVariable(name)] === undefined) this.ports[name] ||= await freePort()
    const child = spawn(process.execPath, [program, 'serve'], {
      env: cleanEnvironment(this.environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    const other: string[] = []
    createInterface({ input: child.stderr }).on('line', line => {
      try {
        this.#heard(JSON.parse(line))
      } catch {
        other.push(line)
      }
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), START_MS)
    try {
      await new Promise<void>((resolve, reject) => {
        child.stdout.setEncoding('utf8').on('data', text => (this.stdout += text))
        this.#onStarted = resolve
        child.once('close', code => reject(new Error(`the service ended with ${code}: ${other.join('\n')}`)))
      })
    } finally {
      clearTimeout(timer)
    }
  }

  get environment(): Record<string, string> {
    const ports = services.map(name => [listenVariable(name), `127.0.0.1:${this.ports[name]}`])
    const own = { FACTEUR_HOSTNAME: 'mail.facteur.test', FACTEUR_DATA: this.data }
    return { ...own, ...Object.fromEntries(ports), ...this.#settings }
  }

  #heard(entry: Record<string, unknown>): void {
    this.log.push(entry)
    const { msg, service, port } = entry
    // The last line of a start; the ports were told before.
    if (msg === 'started') this.#onStarted()
    if (msg === 'listening' && typeof port === 'number') this.ports[service as ServiceName] = port
  }

  cli(args: string[], options: CliOptions = {}): Promise<Finished> {
    return runCli(args, { ...options, environment: { ...this.environment, ...options.environment } })
  }

  async end(): Promise<number | null> {
    const child = this.#child
    await this.kill('SIGTERM')
    return child?.exitCode ?? null
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const closed = new Promise(resolve => child.once('close', resolve))
    child.kill(signal)
    await closed
  }

  async stop(): Promise<void> {
    await this.kill('SIGTERM')
    rmSync(this.data, { recursive: true, force: true })
  }
}
