/** The control commands on the store itself, for the command line where no service runs. */
import { type Control, controlHandlers, inProcess } from '../cli/control-commands.ts'
import type { Config } from '../ops/config.ts'
import { silentLog } from '../ops/log.ts'
import { createServices, openStore } from './services.ts'

export async function openInProcess(config: Config): Promise<Control> {
  const store = await openStore(config)
  const services = await createServices({ store, config, wakeQueue() {}, traffic: null, log: silentLog })
  return inProcess(controlHandlers({ ...services, status: () => null }), () => store.close())
}
