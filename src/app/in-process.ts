/** The control commands on the store itself, for the command line where no service runs. */
import { type Control, controlHandlers, inProcess } from '../cli/control-commands.ts'
import { redisProblem } from '../cluster/redis.ts'
import { clusterStatus } from '../cluster/status.ts'
import { tellingNodes } from '../cluster/store-notices.ts'
import { alone, type Work } from '../cluster/work.ts'
import { LocalChanges } from '../mail/changes.ts'
import { TraceRecorder } from '../mail/trace/recorder.ts'
import { systemClock as clock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import { silentLog } from '../ops/log.ts'
import { createServices } from './services.ts'
import { openStore, refuseOthersStore } from './store.ts'

export async function openInProcess(config: Config): Promise<Control> {
  refuseOthersStore(config)
  const opened = await openStore(config)
  const isShared = config.store !== null
  const store = isShared ? tellingNodes(opened, 'command line', clock) : opened
  // What a command sends is traced as it is when the service runs; nothing is refused or read here.
  const traces = new TraceRecorder({ store, clock, log: silentLog })
  const none = { wakeQueue() {}, traffic: null, signInsWritten: async () => {}, log: silentLog }
  // What nodes that run elsewhere have to tell or to sweep is theirs.
  const work: Work = isShared ? { isMine: () => false } : alone
  const services = await createServices({ ...none, store, changes: new LocalChanges(), work, config, traces, clock })
  const redis = async () =>
    config.redis === null ? 'none' : (await redisProblem(config.redis)) === null ? 'reached' : 'gone'
  const cluster = async () => clusterStatus({ store, isShared, redis: await redis(), self: null, clock })
  return inProcess(controlHandlers({ ...services, status: () => null, cluster, drain: async () => {} }), () =>
    store.close(),
  )
}
