/** The control commands on the store itself, for the command line where no service runs. */
import { type Control, controlHandlers, inProcess } from '../cli/control-commands.ts'
import { TraceRecorder } from '../mail/trace/recorder.ts'
import { systemClock as clock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import { silentLog } from '../ops/log.ts'
import { createServices } from './services.ts'
import { openStore } from './store.ts'

export async function openInProcess(config: Config): Promise<Control> {
  const store = await openStore(config)
  // What a command sends is traced as it is when the service runs; nothing is refused or read here.
  const traces = new TraceRecorder({ store, clock, log: silentLog })
  const none = { wakeQueue() {}, traffic: null, signInsWritten: async () => {}, log: silentLog }
  const services = await createServices({ ...none, store, config, traces, clock })
  return inProcess(controlHandlers({ ...services, status: () => null }), () => store.close())
}
