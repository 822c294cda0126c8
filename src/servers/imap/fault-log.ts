/** Faults of the store in the log: whoever runs the service is to see them before users call. */
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import type { StoreError } from '../../store/store.ts'

/** Of one kind a line, and then none for so long: while the store is away, every command of every client fails. */
const QUIET_MS = 10_000

export class FaultLog {
  readonly #log: Log
  readonly #clock: Clock
  readonly #told = new Map<StoreError['code'], { at: number; leftOut: number }>()

  constructor({ log, clock }: { log: Log; clock: Clock }) {
    this.#log = log
    this.#clock = clock
  }

  tell(error: StoreError, fields: { connection: string; command: string }): void {
    const at = this.#clock.now()
    const last = this.#told.get(error.code)
    if (last && Math.abs(at - last.at) < QUIET_MS) {
      last.leftOut++
      return
    }
    this.#told.set(error.code, { at, leftOut: 0 })
    const { leftOut = 0 } = last ?? {}
    this.#log.error({ ...fields, err: error, ...(leftOut > 0 && { leftOut }) }, 'imap command failed')
  }
}
