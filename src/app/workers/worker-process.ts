/** A worker: a whole service in a process of its own, beside others on the same ports and the same store. */
import { Socket } from 'node:net'
import { type App, startApp } from '../../app.ts'
import { surviveDefects } from '../../ops/defects.ts'
import { createLog, type Log, type LogOutput } from '../../ops/log.ts'
import { reloadCertificate } from '../../ops/tls.ts'
import { LINE_FD } from './line-fd.ts'
import { type Seat, SeatLine } from './seat.ts'

let output: LogOutput | null = null
let log: Log | null = null
let app: App | null = null
/** Asked to end, perhaps before it has begun. */
let stopping: { graceMs: number } | null = null

// They are for the process that started this one, which tells; a terminal and a supervisor send them to all.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
process.umask(0o077)

function end(code: number): never {
  output?.flush()
  process.exit(code)
}

async function stop({ graceMs }: { graceMs: number }): Promise<void> {
  await app?.stop(graceMs)
  end(0)
}

async function start(seat: Seat): Promise<void> {
  const { number, config, defaults, logFormat } = seat.facts
  output = createLog({ level: config.logLevel, format: logFormat })
  log = output.log.child({ worker: number })
  surviveDefects(log, output.flush)
  const isDefault = new Set(defaults)
  try {
    // Whoever hears it ends all of them.
    const onDoomed = (message: string): void => line.tell({ told: 'failed', name: 'StoreError', message })
    app = await startApp({ loaded: { config, isDefault: name => isDefault.has(name) }, log, seat, onDoomed })
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    // What can be expected is told in one line by whoever started this; a defect keeps its stack here.
    log.error(
      ['PortError', 'StoreError', 'CertificateError'].includes(name) ? { problem: message } : { err: error },
      'a worker can’t start',
    )
    line.tell({ told: 'failed', name, message })
    // It hangs up once it has heard.
    return
  }
  if (stopping) return stop(stopping)
  const { listeners, certificate, firstStaff } = app
  line.tell({
    told: 'ready',
    ready: {
      listeners: listeners.map(({ service, address, port, wanted }) => ({ service, address, port, wanted })),
      certificate: certificate.describe(),
      firstStaff,
    },
  })
}

const line = new SeatLine(new Socket({ fd: LINE_FD }), {
  start: seat => void start(seat),
  leave: () => void app?.leave(),
  stop: graceMs => {
    stopping = { graceMs }
    if (app) void stop(stopping)
  },
  reload: () => void (app && log && reloadCertificate(app.certificate, log)),
  measure: async () => (await app?.measured()) ?? [],
  // Nothing that is done from now on could be kept.
  orphaned: () => end(1),
})
