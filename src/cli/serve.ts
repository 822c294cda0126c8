/** facteur serve: the service, from its start to its end. */
import path from 'node:path'
import { Command } from 'commander'
import { isFirstStart, storeFolders } from '../app/store.ts'
import { workersOf } from '../app/workers/count.ts'
import type { Workers } from '../app/workers/supervisor.ts'
import type { Config, LoadedConfig } from '../ops/config.ts'
import { surviveDefects } from '../ops/defects.ts'
import { FreeSpaces } from '../ops/disk-space.ts'
import { START_DISK_BYTES } from '../ops/limits.ts'
import { createLog, type Log, type LogOutput } from '../ops/log.ts'
import { reloadCertificate } from '../ops/tls.ts'
import { packageVersion } from '../ops/version.ts'
import { CommandError, type Context, examples, withSettings } from './context.ts'
import { damagedFile } from './damaged-file.ts'
import { table } from './table.ts'

/** Two signals within it are one that came twice. */
const SAME_SIGNAL_MS = 500

/** For sessions and deliveries to end when the service is stopped; below what supervisors wait before they kill. */
const GRACE_MS = 20_000

export function serveCommand(context: Context): Command {
  const command = withSettings(new Command('serve'))
    .description('run the service until SIGTERM or SIGINT; SIGHUP reads the certificate again')
    .action(async (_: object, self: Command) => {
      const loaded = context.settings(self)
      const { config } = loaded
      const output = createLog({ level: config.logLevel, format: logFormat(config, context) })
      const { log, flush } = output
      surviveDefects(log, flush)
      outliveOutput(context, log)
      const isFirst = isFirstStart(config)
      const stopped = untilStopped(log)
      // Without a listener the signal would end a process that is still starting.
      let running: Workers | null = null
      process.on('SIGHUP', () => running?.reload())
      const app = await start(loaded, output, logFormat(config, context)).catch(async error => {
        throw await expected(error, config)
      })
      let graceMs = 0
      try {
        context.print(welcome(app, loaded, isFirst, context.terminal.folder))
        log.info({ version: packageVersion(), data: config.data, settings: loaded.file }, 'started')
        running = app
        graceMs = await Promise.race([stopped.then(() => GRACE_MS), app.drained])
      } catch (error) {
        // Its sockets and threads would go on, and nobody would hear SIGTERM.
        await app.stop(0)
        throw await expected(error, config)
      }
      log.info({}, 'stopping')
      await app.stop(graceMs)
      log.info({}, 'stopped')
      flush()
    })
  return examples(command, 'facteur serve', 'facteur serve --config /etc/facteur.toml --data /var/lib/facteur')
}

function logFormat({ logFormat: format }: Config, { terminal }: Context): 'json' | 'text' {
  return format === 'auto' ? (terminal.stderr.isTTY ? 'text' : 'json') : format
}

/** What is printed says how to begin: the service goes on where that can't be had, which would end other commands. */
function outliveOutput({ terminal }: Context, log: Log): void {
  terminal.stdout
    .removeAllListeners('error')
    .on('error', error => log.warn({ problem: error.message }, 'standard output can’t be written'))
}

/** Resolves at the first SIGTERM or SIGINT; the second ends the process at once. */
function untilStopped(log: Log): Promise<void> {
  return new Promise(resolve => {
    let askedAt: number | null = null
    const ask = (signal: NodeJS.Signals): void => {
      // Ctrl-C under `npm start` comes from the terminal and from npm, which passes its own on.
      if (askedAt !== null && performance.now() - askedAt < SAME_SIGNAL_MS) return
      if (askedAt !== null) process.exit(1)
      askedAt = performance.now()
      log.info({ signal }, 'asked to stop')
      resolve()
    }
    process.on('SIGTERM', ask).on('SIGINT', ask)
  })
}

/** In this process, or in several. Other commands do without what is loaded here. */
async function start(loaded: LoadedConfig, output: LogOutput, format: 'json' | 'text'): Promise<Workers> {
  const { log, pass: logged, flush } = output
  const count = workersOf(loaded.config)
  if (count > 1) {
    const { startWorkers } = await import('../app/workers/supervisor.ts')
    return startWorkers({ loaded, count, log, logFormat: format, logged })
  }
  const { startApp } = await import('../app.ts')
  const onDoomed = (problem: string): never => {
    log.error({ problem }, 'this process can’t go on: it ends at once')
    flush()
    process.exit(1)
  }
  const app = await startApp({ loaded, log, onDoomed })
  const { listeners, certificate, firstStaff, drained } = app
  return {
    listeners: [...listeners],
    certificate: certificate.describe(),
    firstStaff,
    drained,
    reload: () => void reloadCertificate(certificate, log),
    stop: graceMs => app.stop(graceMs),
  }
}

/** Ports, certificates and stores that can't be had are told in one line, with the disk that is full; a defect keeps its stack. */
async function expected(error: unknown, config: Config): Promise<unknown> {
  if (!(error instanceof Error)) return error
  const isDisk = 'code' in error && error.code === 'ENOSPC'
  if (!isDisk && !['PortError', 'StoreError', 'CertificateError'].includes(error.name)) return error
  return new CommandError(`${error.message}${await fullDisk(config)}${damagedFile(error, config)}`)
}

async function fullDisk(config: Config): Promise<string> {
  // One that can't be asked is not yet made, or what was told before is about it.
  const rooms = await Promise.all(new FreeSpaces(storeFolders(config)).ask().map(room => room.catch(() => null)))
  const full = rooms.find(room => room !== null && room.bytes < START_DISK_BYTES)
  if (!full) return ''
  return `; ${full.folder} has ${Math.floor(full.bytes / 1024)} KiB of room left on its disk, a start takes more`
}

const descriptions: Record<string, string> = {
  smtp: 'SMTP, mail from other servers',
  submissions: 'submission, TLS',
  submission: 'submission, STARTTLS',
  imaps: 'IMAP, TLS',
  imap: 'IMAP, STARTTLS',
  pop3s: 'POP3, TLS',
  pop3: 'POP3, STLS',
  managesieve: 'ManageSieve, STARTTLS',
  https: 'panels, API',
  panel: 'account panel',
  http: '/metrics and /healthz',
}

/** A machine's name without a dot is often known to nobody but itself; the certificate of the first start has localhost too. */
function onThisMachine(link: string, names: readonly string[]): string[] {
  const url = new URL(link)
  if (url.hostname.includes('.') || url.hostname === 'localhost' || !names.includes('localhost')) return []
  url.hostname = 'localhost'
  return ['From this machine itself, where that name leads nowhere:', '', `  ${url}`, '']
}

/** To be pasted into a shell: a path with a space would be two arguments. */
const shellWord = (text: string): string =>
  /^[\w/.,:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

/** Where the program is in the PATH there may be no folder for npx, which wants to write beside the program: so in the image. */
function calledAs([, script = '']: readonly string[]): string {
  return path.basename(script) === 'facteur' && !script.includes('/node_modules/') ? 'facteur' : 'npx facteur'
}

function welcome(app: Workers, { config, file }: LoadedConfig, isFirst: boolean, here: string): string {
  const order = Object.keys(descriptions)
  const rows = app.listeners.toSorted((a, b) => order.indexOf(a.service) - order.indexOf(b.service))
  const { selfSigned, names } = app.certificate
  const flags = config.data === path.resolve(here, 'data') ? '' : ` --data ${shellWord(config.data)}`
  const program = calledAs(process.argv)
  const moved = rows.filter(({ port, wanted }) => wanted !== 0 && port !== wanted)
  return [
    `Facteur is up as ${config.hostname}. Data: ${config.data}. Settings: ${file ?? 'defaults (no facteur.toml here)'}.`,
    '',
    table(rows, [
      { title: 'PORT', value: ({ port }) => port },
      { title: 'ADDRESS', value: ({ address }) => (address === '::' || address === '0.0.0.0' ? 'all' : address) },
      { title: 'SERVICE', value: ({ service }) => descriptions[service] ?? service },
      {
        title: '',
        value: ({ port, wanted }) =>
          wanted !== 0 && port !== wanted ? `instead of ${wanted}, which can't be bound` : '',
      },
    ]),
    ...(moved.length > 0 ? ['Other servers deliver to port 25 only: see docs/operate/ports.md.', ''] : []),
    selfSigned
      ? `The certificate for ${names.join(', ')} is self-signed: mail programs will ask. Set tls.certificate and tls.key for a real one.`
      : `The certificate is for ${names.join(', ')}.`,
    '',
    ...(app.firstStaff
      ? [
          'Nobody administers the service yet. Make yourself the first of the staff, by this link, good once and for a day:',
          '',
          `  ${app.firstStaff.url}`,
          '',
          ...onThisMachine(app.firstStaff.url, names),
        ]
      : []),
    ...(isFirst
      ? [
          'Add a domain and a mailbox, beside the running service:',
          '',
          `  ${program} domain add example.org${flags}`,
          `  ${program} mailbox add alice@example.org${flags}`,
          '',
        ]
      : []),
    'Stop with Ctrl-C.',
    '',
  ].join('\n')
}
