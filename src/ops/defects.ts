/** What becomes of a process in which something happened that nobody expected. */
import type { Log } from './log.ts'

export function surviveDefects(log: Log, flush: () => void): void {
  // One promise that nobody waited for concerns one connection or one command; the others go on.
  process.on('unhandledRejection', error => log.error({ err: error }, 'defect: unhandled rejection'))
  // What threw may have left anything half done: the store is safe with what was acknowledged, so start anew.
  process.on('uncaughtException', error => {
    log.error({ err: error }, 'defect: uncaught exception, the process ends')
    flush()
    process.exit(1)
  })
}
