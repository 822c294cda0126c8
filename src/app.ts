/**
 * The composition root: settings → store → services → servers, wired by hand, in the order they start; they stop in
 * reverse. Nothing here decides anything.
 */

import { startBookkeeper } from './accounts/billing/bookkeeper.ts'
import { RefusalTeller } from './accounts/bounces/refusals.ts'
import { SecondFactorPolicy } from './accounts/second-factor/policy.ts'
import { announcing, LocalCredentialNotices } from './accounts/sign-ins/credential-notices.ts'
import { OpenSignIns } from './accounts/sign-ins/open-sign-ins.ts'
import { SignInRecorder } from './accounts/sign-ins/recorder.ts'
import { Throttle } from './accounts/throttle.ts'
import { TrafficRecorder } from './accounts/traffic/recorder.ts'
import { createWeb } from './app/api.ts'
import { countedAuthenticator } from './app/authenticator.ts'
import { createWebhookWorker } from './app/billing.ts'
import { createCluster } from './app/cluster.ts'
import { tellCut, tellIncomplete } from './app/incomplete-store.ts'
import { tellOfOtherKey } from './app/other-key.ts'
import { listenSettings, type ServerName, serverTable } from './app/servers.ts'
import { createServices } from './app/services.ts'
import { leaseOwner, lockNode, openStore, storeFolders } from './app/store.ts'
import { sweepsOf } from './app/sweeps.ts'
import type { Seat } from './app/workers/seat.ts'
import { controlHandlers } from './cli/control-commands.ts'
import { servedSettings } from './cli/served-settings.ts'
import { LEAVING_MS } from './cluster/limits.ts'
import { tellingNodes } from './cluster/store-notices.ts'
import { tellWentBack, wentBackProblem } from './cluster/went-back.ts'
import { FIRST_THREAD_MS } from './mail/texts/limits.ts'
import { TraceRecorder } from './mail/trace/recorder.ts'
import { type Clock, systemClock } from './ops/clock.ts'
import type { Config, LoadedConfig } from './ops/config.ts'
import { settings } from './ops/config-settings.ts'
import { controlSocketPath, startControlServer } from './ops/control.ts'
import { certificateFolder, secretKeyPath } from './ops/data-folder.ts'
import { FreeSpaces } from './ops/disk-space.ts'
import type { Log } from './ops/log.ts'
import { createMetrics, type Measured } from './ops/metrics.ts'
import { type Bound, bindAgain, bindServices, type PlannedService } from './ops/ports.ts'
import { createResolver } from './ops/resolver.ts'
import { ensureSelfSigned } from './ops/self-signed.ts'
import { startSweeper } from './ops/sweeper.ts'
import { type Certificate, loadCertificate } from './ops/tls.ts'
import { packageVersion } from './ops/version.ts'
import { createQueue, type Queue } from './queue/queue.ts'
import { defaultQueueSettings, type QueueSettings } from './queue/settings.ts'
import type { Timers } from './queue/timers.ts'
import { createHealth } from './servers/http/health.ts'
import type { Store } from './store/store.ts'

export interface App {
  readonly listeners: readonly Bound<unknown>[]
  readonly certificate: Certificate
  /** The link for the first of the staff; null where there is somebody. */
  readonly firstStaff: { url: string; expiresAt: number } | null
  /** Resolves with the time that is left to what is under way, once the service was asked to leave. */
  readonly drained: Promise<number>
  /** Nothing new is to be sent here; what comes is still taken. */
  leave(): Promise<void>
  measured(): Promise<Measured>
  /** Takes nothing new, lets what is under way end for `graceMs`, then closes the store. */
  stop(graceMs: number): Promise<void>
}

/** Whether this node may go on: well below the time between its own doubts and those of the others. */
const TRUST_CHECKED_MS = 1_000

type End = (graceMs: number) => void | Promise<void>

type Settings = Pick<LoadedConfig, 'config' | 'isDefault'>

export interface AppOptions {
  loaded: Settings
  log: Log
  /** Tests let hours pass at once, for what is to be tried again, swept, counted or over. */
  clock?: Clock
  timers?: Timers
  /** Of one of several processes of the service. */
  seat?: Seat
  /** This process can't go on, and has to end as by a crash: what it would give back may be another's. */
  onDoomed: (problem: string) => void
}

/** Rejects where it can't start, with nothing left running: StoreError, CertificateError, PortError, ControlError. */
export async function startApp({ loaded, log, clock = systemClock, timers, seat, onDoomed }: AppOptions): Promise<App> {
  const { config } = loaded
  const { hostname } = config
  const version = packageVersion()
  const startedAt = clock.now()
  const ends: End[] = []
  let opened: Store | null = null
  const stop = async (graceMs: number): Promise<void> => {
    // Each end that writes would wait for a database that says nothing, one after the other, beyond what supervisors wait.
    const late = setTimeout(() => opened?.hurry?.(), graceMs)
    for (const end of ends.splice(0).reverse())
      try {
        await end(graceMs)
      } catch (error) {
        // The others end all the same, the store above all: its thread would keep the process.
        log.error({ err: error }, 'a part of the service did not end well')
      }
    clearTimeout(late)
  }
  try {
    const socket = controlSocketPath(config.data)
    const freeSpaces = new FreeSpaces(storeFolders(config))
    const metrics = createMetrics({ version, freeSpaces })
    const notices = new LocalCredentialNotices()
    // Of several processes the first one has it.
    const lock = seat ? null : await lockNode(config)
    ends.push(() => lock?.release())
    const nodeId = leaseOwner(config, seat?.facts.number)
    // The first worker of a start opens it for the others.
    const isOpened = seat !== undefined && seat.facts.ports !== null
    const onHeldUp = (inTheWay: string[]): void =>
      log.warn(
        { inTheWay },
        'the tables can’t be brought up to date yet: others have them in transactions; trying again',
      )
    const onIncomplete = tellIncomplete(log)
    const onWentBack = async (): Promise<void> => {
      if (opened) await tellWentBack(opened, nodeId, clock)
      onDoomed(wentBackProblem)
    }
    const told = {
      onCommit: metrics.committed,
      onIncomplete,
      onCut: tellCut(log),
      onHeldUp,
      onWentBack: () => void onWentBack(),
    }
    opened = await openStore(config, { ...told, clock, over: seat, isOpened })
    const watched = metrics.watch(opened)
    const isAlone = config.store === null && seat === undefined
    const store = announcing(isAlone ? watched : tellingNodes(watched, nodeId, clock), notices)
    ends.push(() => store.close())
    const traffic = new TrafficRecorder({ store, clock, log })
    ends.push(() => traffic.stop())
    const traces = new TraceRecorder({ store, clock, log })
    ends.push(() => traces.stop())

    const signIns = new SignInRecorder({ store, clock, log })
    ends.push(() => signIns.stop())

    const certificate = await openCertificate(config, log)
    certificate.watch()
    ends.push(() => certificate.stop())

    const listeners: Bound<End>[] = []
    const roles = (): string[] => ['queue', ...new Set(listeners.map(({ service }) => service))]
    const cluster = createCluster({
      store,
      config,
      nodeId,
      version,
      startedAt,
      roles,
      workers: seat?.link ?? null,
      hasEnded: seat !== undefined && (config.store === null || isOpened),
      onNamesake: onDoomed,
      clock,
      log,
    })
    ends.push(() => cluster.stop())

    let queue: Queue | null = null
    const wakeQueue = (): void => queue?.wake()
    const services = await createServices({
      store,
      changes: cluster.changes,
      work: cluster.work,
      config,
      wakeQueue,
      traffic,
      traces,
      signInsWritten: () => signIns.flush(),
      clock,
      log,
    })
    await tellOfOtherKey(services, secretKeyPath(config), log)
    ends.push(() => services.textRunner.close())
    ends.push(services.textKeeper.start())
    setTimeout(() => services.textRunner.startFirst(), FIRST_THREAD_MS).unref()
    const refusals = new RefusalTeller({ store, notices: services.notices, clock, log })
    ends.push(() => refusals.stop())
    ends.push(() => services.unusualSending.stop())
    ends.push(() => services.scriptFailures.stop())
    const { door, reporter, publicUrl, box, billing, settings: serviceSettings } = services
    await cluster.start(
      {
        credentials: principalId => notices.publish(principalId),
        settings: () => serviceSettings.forget(),
        commonScripts: () => services.compiledRules.forgetCommon(),
        wentBack: () => onDoomed(wentBackProblem),
      },
      () => void services.sendingNews.tell(),
      wakeQueue,
    )
    const scheduler = createQueue({
      store,
      door,
      reporter,
      resolver: createResolver({ clock, servers: config.dnsServers }),
      settings: queueSettings(config, seat?.facts.of ?? 1),
      hostname,
      watch: services.unusualSending,
      clock,
      log,
      owner: nodeId,
      ...(timers && { timers }),
    })
    await scheduler.start()
    queue = scheduler
    // Timers come before what sockets have to say: a process that stood still looks here first.
    const trusting = setInterval(
      () => (cluster.isTrusted() ? scheduler.resume() : scheduler.suspend()),
      TRUST_CHECKED_MS,
    )
    ends.push(() => clearInterval(trusting))
    ends.push(services.spaceNews.start(timers))
    ends.push(
      startSweeper({
        store,
        others: sweepsOf(services, traces, clock),
        isMine: () => cluster.work.isMine('sweeps'),
        clock,
        log,
        ...(timers && { timers }),
      }),
    )
    ends.push(
      startBookkeeper({ store, settings: serviceSettings, isMine: () => cluster.work.isMine('books'), clock, log }),
    )
    const worker = createWebhookWorker({ billing, store, box, config, owner: nodeId, clock, log })
    await worker.start()
    ends.push(() => worker.stop())

    const status = () => ({
      ...(seat?.facts.service ?? { pid: process.pid, startedAt }),
      listeners: listeners.map(({ service, address, port }) => ({ service, address, port })),
      settings: servedSettings(config),
    })
    let isLeaving = false
    let drained = (_: number): void => {}
    const untilDrained = new Promise<number>(resolve => (drained = resolve))
    const leave = async (): Promise<void> => {
      isLeaving = true
      await cluster.drain()
    }
    const drain = async (graceMs: number): Promise<void> => {
      if (isLeaving) return
      if (seat) return seat.drain(graceMs)
      log.info({ graceMs }, 'draining: what is under way may end, nothing new is taken')
      await leave()
      setTimeout(() => drained(graceMs), LEAVING_MS)
    }
    const handlers = controlHandlers({ ...services, status, cluster: () => cluster.status(), drain })
    const control = await startControlServer({ path: socket, version, handlers, isShared: seat !== undefined, log })
    ends.push(graceMs => control.close(graceMs))
    // Deliveries and sessions end side by side: each may take the whole time.
    ends.push(async graceMs => {
      queue = null
      await Promise.all([scheduler.stop(graceMs), ...listeners.map(({ server }) => server(graceMs))])
    })

    const health = createHealth({
      store,
      queueRuns: () => queue !== null,
      // A folder that all nodes share would take all of them away at once, and with them reading and removing.
      ...(config.store === null && { freeSpace: () => Promise.all(freeSpaces.ask()) }),
      isLeaving: () => isLeaving,
      notices: cluster.notices,
      ...(seat && { workers: seat.workers }),
      clock,
    })
    const throttle = new Throttle({ clock, limitLoopback: config.limitLoopback, shared: cluster.counts })
    const policy = new SecondFactorPolicy(services.settings)
    const open = new OpenSignIns({ store, notices, policy, clock, log })
    ends.push(() => open.stop())
    const authenticator = countedAuthenticator({
      store,
      config,
      metrics,
      clock,
      throttle,
      policy,
      seen: signIns,
      open,
      log,
    })
    const web = await createWeb({
      config,
      services,
      authenticator,
      throttle,
      policy,
      seen: signIns,
      box,
      shared: cluster.counts,
      certificate,
      listeners: () => listeners,
      onStop: end => ends.push(end),
      clock,
      version,
      log,
    })
    ends.push(() => web.close())
    const servers = serverTable({
      config,
      services,
      authenticator,
      web,
      door,
      traffic,
      refusals,
      maildropLocks: cluster.maildropLocks,
      traces,
      certificate,
      metrics,
      shown: () => (seat ? seat.measured() : metrics.render()),
      health,
      version,
      clock,
      log,
    })
    const bind = async (name: ServerName, address: string, port: number) => {
      const started = await servers[name](address, port)
      return { port: started.port, server: started.close }
    }
    const onBound = (bound: Bound<End>): void => {
      listeners.push(bound)
      const { service, address, port } = bound
      // Of several processes the one that started them says it, once.
      if (!seat) log.info({ service, address, port }, 'listening')
    }
    // The names are those that another process of this program gave them.
    const bindKnown = (name: string, address: string, port: number) => bind(name as ServerName, address, port)
    if (seat?.facts.ports) await bindAgain(seat.facts.ports, bindKnown, onBound)
    else await bindServices(plannedServices(loaded), config.listenAddress, bind, onBound)
    await publicUrl.listening(listeners)
    // Each offer makes the one before void: of several processes the first one's counts.
    const firstStaff = seat?.facts.ports ? null : await services.firstStaff.offer()
    const { measured } = metrics
    return { listeners, certificate, firstStaff, drained: untilDrained, leave, measured, stop }
  } catch (error) {
    await stop(0)
    throw error
  }
}

async function openCertificate(config: Config, log: Log): Promise<Certificate> {
  const { tlsCertificate: certFile, tlsKey: keyFile, hostname } = config
  if (certFile !== null && keyFile !== null) return loadCertificate({ certFile, keyFile }, log)
  // Whoever tries the service on its own machine says localhost.
  const names = [...new Set([hostname, 'localhost', '127.0.0.1', '::1'])]
  return loadCertificate(await ensureSelfSigned(certificateFolder(config), names, systemClock), log)
}

function plannedServices(loaded: Settings): PlannedService<ServerName>[] {
  return Object.entries(listenSettings).map(([name, setting]) => ({
    // The keys of the table are its names; Object.entries widens them.
    name: name as ServerName,
    key: settings[setting].key,
    endpoints: loaded.config[setting],
    isDefault: loaded.isDefault(setting),
  }))
}

function queueSettings(config: Config, processes: number): QueueSettings {
  return {
    ...defaultQueueSettings,
    port: config.queuePort,
    concurrency: Math.ceil(config.queueConcurrency / processes),
    concurrencyPerDestination: config.queueConcurrencyPerDestination,
    retryFirst: config.queueRetryFirst,
    retryLongest: config.queueRetryLongest,
    lifetime: config.queueLifetime,
    delayNotice: config.queueDelayNotice,
  }
}
