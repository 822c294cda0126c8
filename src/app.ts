/**
 * The composition root: settings → store → services → servers, wired by hand, in the order they start; they stop in
 * reverse. Nothing here decides anything.
 */
import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Authenticator } from './accounts/authentication.ts'
import { createAuthenticator } from './accounts/authenticator.ts'
import { Directory } from './accounts/directory.ts'
import { Throttle } from './accounts/throttle.ts'
import { Importer } from './archive/import.ts'
import {
  type Control,
  type ControlServices,
  controlHandlers,
  inProcess,
  type ServiceStatus,
} from './cli/control-commands.ts'
import { createDoor } from './mail/acceptor.ts'
import { LocalChanges } from './mail/changes.ts'
import { describeEmail } from './mail/describe.ts'
import { Mailboxes } from './mail/mailboxes.ts'
import { Maildrops } from './mail/maildrop.ts'
import { Messages } from './mail/messages.ts'
import { maySendAs } from './mail/send-as.ts'
import { systemClock } from './ops/clock.ts'
import type { Config, LoadedConfig } from './ops/config.ts'
import { type SettingName, settings } from './ops/config-settings.ts'
import { controlSocketPath, startControlServer } from './ops/control.ts'
import { certificateFolder, storePath } from './ops/data-folder.ts'
import type { Log } from './ops/log.ts'
import { createMetrics, type Metrics } from './ops/metrics.ts'
import { isLoopback } from './ops/network-address.ts'
import { type Bound, bindServices } from './ops/ports.ts'
import { createResolver } from './ops/resolver.ts'
import { ensureSelfSigned } from './ops/self-signed.ts'
import { startSweeper } from './ops/sweeper.ts'
import { type Certificate, loadCertificate } from './ops/tls.ts'
import { packageVersion } from './ops/version.ts'
import { createQueueControl } from './queue/control.ts'
import { createQueue, type Queue } from './queue/queue.ts'
import { Reporter } from './queue/report.ts'
import { defaultQueueSettings, type QueueSettings } from './queue/settings.ts'
import type { Connection, Session } from './servers/connection.ts'
import { createHealth, type Health } from './servers/http/health.ts'
import { startHttp } from './servers/http/server.ts'
import { createImapSession } from './servers/imap/session.ts'
import { createListener } from './servers/listener.ts'
import { createPop3Session, pop3Refusal } from './servers/pop3/session.ts'
import { DataBudget } from './servers/smtp/data-budget.ts'
import { startInbound } from './servers/smtp/inbound.ts'
import { defaultLimits } from './servers/smtp/limits.ts'
import { startSubmission } from './servers/smtp/submission.ts'
import { openSqliteStore } from './store/sqlite/open.ts'
import type { Store } from './store/store.ts'

export interface App {
  /** What is listened on, in the order of the settings. */
  readonly listeners: Bound<unknown>[]
  readonly certificate: Certificate
  /** Takes nothing new, lets what is under way end for `graceMs`, then closes the store. */
  stop(graceMs: number): Promise<void>
}

export async function startApp({ loaded, log }: { loaded: LoadedConfig; log: Log }): Promise<App> {
  const { config } = loaded
  const clock = systemClock
  const startedAt = clock.now()
  const version = packageVersion()
  const socket = controlSocketPath(config.data)
  /** In the order they began. */
  const ends: ((graceMs: number) => void | Promise<void>)[] = []
  const stop = async (graceMs: number): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end(graceMs)
  }
  try {
    const plainStore = await openStore(config)
    ends.push(() => plainStore.close())
    const metrics = createMetrics({ version, store: () => plainStore })
    const store = metrics.watch(plainStore)

    const certificate = await openCertificate(config, log)
    certificate.watch()
    ends.push(() => certificate.stop())

    const changes = new LocalChanges()
    let queue: Queue | null = null
    const wakeQueue = (): void => queue?.wake()
    const door = createDoor({
      store,
      postmaster: config.postmaster,
      describeEmail,
      changes,
      reports: new Reporter({ store, clock, hostname: config.hostname }),
      wakeQueue,
      clock,
      log,
    })
    queue = createQueue({
      store,
      door,
      resolver: createResolver({ clock, servers: config.dnsServers }),
      settings: queueSettings(config),
      hostname: config.hostname,
      clock,
      log,
      // The store's lock lets one process run at a time, so its leases are its own again after a restart.
      owner: 'service',
    })
    await queue.start()
    let queueRuns = true
    const runningQueue = queue
    const sweeping = startSweeper({ store, clock, log })

    const listeners: Bound<(graceMs: number) => Promise<void>>[] = []
    const services = controlServices(store, changes, wakeQueue, () => ({
      pid: process.pid,
      startedAt,
      listeners: listeners.map(({ service, address, port }) => ({ service, address, port })),
    }))
    const control = await startControlServer({ path: socket, version, handlers: controlHandlers(services), log })
    ends.push(() => control.close())
    ends.push(async graceMs => {
      sweeping()
      queueRuns = false
      // Deliveries and sessions end side by side: each may take the whole time.
      await Promise.all([runningQueue.stop(graceMs), ...listeners.map(({ server }) => server(graceMs))])
    })

    const health = createHealth({ store, queueRuns: () => queueRuns, clock })
    const servers = serverTable({ config, store, changes, door, certificate, metrics, health, version, log, services })
    await bindServices(
      Object.keys(servers).map(name => ({
        name,
        key: settings[listenSettings[name as ServerName]].key,
        endpoints: config[listenSettings[name as ServerName]],
        isDefault: loaded.isDefault(listenSettings[name as ServerName]),
      })),
      config.listenAddress,
      async (name, address, port) => {
        const started = await servers[name as ServerName](address, port)
        return { port: started.port, server: started.close }
      },
      bound => {
        listeners.push(bound)
        const { service, address, port } = bound
        log.info({ service, address, port }, 'listening')
      },
    )
    return { listeners, certificate, stop }
  } catch (error) {
    await stop(0)
    throw error
  }
}

/** The control commands on the store itself, for the command line where no service runs. */
export async function openInProcess(config: Config): Promise<Control> {
  const store = await openStore(config)
  const handlers = controlHandlers(
    controlServices(
      store,
      new LocalChanges(),
      () => {},
      () => null,
    ),
  )
  return inProcess(handlers, () => store.close())
}

function openStore(config: Config): Promise<Store> {
  mkdirSync(config.data, { recursive: true, mode: 0o700 })
  return openSqliteStore({ path: storePath(config), clock: systemClock })
}

async function openCertificate(config: Config, log: Log): Promise<Certificate> {
  const { tlsCertificate: certFile, tlsKey: keyFile, hostname } = config
  if (certFile !== null && keyFile !== null) return loadCertificate({ certFile, keyFile }, log)
  // Whoever tries the service on its own machine says localhost.
  const names = [...new Set([hostname, 'localhost', '127.0.0.1', '::1'])]
  return loadCertificate(await ensureSelfSigned(certificateFolder(config), names, systemClock), log)
}

function controlServices(
  store: Store,
  changes: LocalChanges,
  wake: () => void,
  status: () => ServiceStatus | null,
): ControlServices & { mailboxes: Mailboxes; messages: Messages } {
  const clock = systemClock
  const mailboxes = new Mailboxes(store, changes, clock)
  const messages = new Messages(store, changes, clock)
  return {
    store,
    mailboxes,
    messages,
    directory: new Directory(store, clock),
    queue: createQueueControl({ store, clock, wake }),
    importer: new Importer(mailboxes, messages),
    status,
  }
}

function queueSettings(config: Config): QueueSettings {
  return {
    ...defaultQueueSettings,
    port: config.queuePort,
    concurrency: config.queueConcurrency,
    concurrencyPerDestination: config.queueConcurrencyPerDestination,
    retryFirst: config.queueRetryFirst,
    retryLongest: config.queueRetryLongest,
    lifetime: config.queueLifetime,
    delayNotice: config.queueDelayNotice,
  }
}

const listenSettings = {
  smtp: 'listenSmtp',
  submissions: 'listenSubmissions',
  submission: 'listenSubmission',
  imaps: 'listenImaps',
  imap: 'listenImap',
  pop3s: 'listenPop3s',
  pop3: 'listenPop3',
  http: 'listenHttp',
} as const satisfies Record<string, SettingName>

type ServerName = keyof typeof listenSettings
type StartServer = (host: string, port: number) => Promise<{ port: number; close(graceMs: number): Promise<void> }>

interface ServerParts {
  config: Config
  store: Store
  changes: LocalChanges
  door: ReturnType<typeof createDoor>
  certificate: Certificate
  metrics: Metrics
  health: () => Promise<Health>
  version: string
  log: Log
  services: { mailboxes: Mailboxes; messages: Messages }
}

function serverTable(parts: ServerParts): Record<ServerName, StartServer> {
  const { config, store, changes, door, certificate, metrics, health, version, log, services } = parts
  const clock = systemClock
  const { hostname } = config
  const plainTextSignIn = config.plainTextSignIn
  const limitLoopback = config.limitLoopback
  const verified = createAuthenticator({
    store,
    throttle: new Throttle({ clock, limitLoopback }),
    defaultDomain: config.defaultDomain,
    sleep,
    log,
  })
  const authenticator: Authenticator = {
    async signIn(attempt) {
      const outcome = await verified.signIn(attempt)
      metrics.signIn(attempt.protocol, outcome.ok ? 'ok' : outcome.reason)
      return outcome
    },
  }

  const limits = { maxMessageBytes: config.messageSizeLimit, limitLoopback }
  const budget = new DataBudget(defaultLimits.maxBytesInFlight)
  const smtp = { hostname, door, tls: certificate, clock, log, limits, budget, activity: metrics.activity('smtp') }
  const submission = {
    ...smtp,
    activity: metrics.activity('submission'),
    authenticator,
    maySendAs: maySendAs.bind(null, store),
    plainTextAuth: plainTextSignIn === 'loopback',
  }

  const imap = (plainTextAllowed: boolean): ((connection: Connection) => Session) =>
    createImapSession({
      authenticator,
      mailboxes: services.mailboxes,
      messages: services.messages,
      changes,
      clock,
      log,
      settings: { appendLimit: config.messageSizeLimit, plainTextAllowed, hostname, version },
      activity: metrics.activity('imap'),
    })
  const [imapPlain, imapSecure] = [imap(true), imap(false)]
  const imapSession = (connection: Connection): Session =>
    plainTextSignIn === 'loopback' && isLoopback(connection.remoteAddress)
      ? imapPlain(connection)
      : imapSecure(connection)
  const pop3Session = createPop3Session({
    authenticator,
    maildrops: new Maildrops({ store, changes, clock }),
    clock,
    log,
    settings: { hostname, plainTextSignIn },
    activity: metrics.activity('pop3'),
  })

  const listen =
    (
      protocol: string,
      implicitTls: boolean,
      refusal: string,
      createSession: (connection: Connection) => Session,
    ): StartServer =>
    async (host, port) => {
      const listener = createListener({
        protocol,
        host,
        port,
        implicitTls,
        tls: certificate,
        refusal,
        createSession,
        log,
        limitLoopback,
      })
      return { port: await listener.listen(), close: graceMs => listener.close(graceMs) }
    }
  return {
    smtp: (host, port) => startInbound({ ...smtp, host, port }),
    submissions: (host, port) => startSubmission({ ...submission, host, port, implicitTls: true }),
    submission: (host, port) => startSubmission({ ...submission, host, port, implicitTls: false }),
    imaps: listen('imap', true, imapRefusal, imapSession),
    imap: listen('imap', false, imapRefusal, imapSession),
    pop3s: listen('pop3', true, pop3Refusal, pop3Session),
    pop3: listen('pop3', false, pop3Refusal, pop3Session),
    http: (host, port) => startHttp({ host, port, metrics, health, log }),
  }
}

const imapRefusal = '* BYE [UNAVAILABLE] Too many connections: try again later\r\n'
