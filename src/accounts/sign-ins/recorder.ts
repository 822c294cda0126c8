/**
 * Keeps who signed in from where, without a write for each: what is alike is counted in memory and written some seconds
 * later. A process that dies loses those seconds; `stop` loses nothing.
 */
import type { Clock } from '../../ops/clock.ts'
import { DAY_MS } from '../../ops/durations.ts'
import type { Log } from '../../ops/log.ts'
import type { Store } from '../../store/store.ts'
import type { PrincipalId } from '../../store/types/principals.ts'
import type {
  MailProtocol,
  SeenSignIns,
  SignInCredential,
  SignInProtocol,
  SignInResult,
} from '../../store/types/sign-in.ts'
import * as limits from './limits.ts'

export interface SeenSignIn {
  principalId: PrincipalId
  protocol: SignInProtocol
  remoteAddress: string
  outcome: SignInResult
  credential: SignInCredential
  /** Of the app password, as it is called now. */
  label?: string
  appPasswordId?: string
  /** As the program calls itself. */
  client?: string
}

/** What those who let in or refuse tell. */
export interface SignInsSeen {
  record(seen: SeenSignIn): void
}

export interface RecorderOptions {
  store: Pick<Store, 'write'>
  clock: Clock
  log: Log
  /** Calls `run` once, `ms` from now; a test's decides when. */
  after?(ms: number, run: () => void): void
}

export class SignInRecorder implements SignInsSeen {
  readonly #options: RecorderOptions
  #waiting = new Map<string, SeenSignIns>()
  /** The last use of each app password. */
  #used = new Map<string, { at: number; protocol: MailProtocol; remoteAddress: string }>()
  #planned = false
  #writing: Promise<void> = Promise.resolve()
  #dropped = 0

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  record(seen: SeenSignIn): void {
    const at = this.#options.clock.now()
    const { appPasswordId, label = '', client = '', ...rest } = seen
    const { protocol, remoteAddress, outcome } = seen
    this.#add({ ...rest, label, client: printable(client), firstAt: at, lastAt: at, count: 1 })
    if (
      appPasswordId !== undefined &&
      protocol !== 'panel' &&
      outcome === 'ok' &&
      this.#used.size < limits.WAITING_SIGN_INS
    )
      this.#used.set(appPasswordId, { at, protocol, remoteAddress })
    this.#plan()
  }

  /** Writes what waits. Never rejects: what can't be written now is tried again later. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  /** Nothing may be recorded after it. */
  stop(): Promise<void> {
    return this.flush()
  }

  #add(row: SeenSignIns): void {
    const { principalId, protocol, remoteAddress, outcome, credential, label, client } = row
    const day = Math.floor(row.lastAt / DAY_MS)
    const key = JSON.stringify([principalId, day, protocol, remoteAddress, outcome, credential, label, client])
    const alike = this.#waiting.get(key)
    if (alike) {
      alike.firstAt = Math.min(alike.firstAt, row.firstAt)
      alike.lastAt = Math.max(alike.lastAt, row.lastAt)
      alike.count += row.count
    } else if (this.#waiting.size < limits.WAITING_SIGN_INS) this.#waiting.set(key, row)
    else this.#dropped += row.count
  }

  #plan(): void {
    if (this.#planned) return
    this.#planned = true
    const { after = unreferenced } = this.#options
    after(limits.WRITTEN_EVERY_MS, () => {
      this.#planned = false
      void this.flush()
    })
  }

  async #write(): Promise<void> {
    const { store, log } = this.#options
    const rows = [...this.#waiting.values()]
    this.#waiting = new Map()
    if (this.#dropped > 0) log.warn({ signIns: this.#dropped }, 'too many sign-ins to keep all of them')
    this.#dropped = 0
    for (let from = 0; from < rows.length; from += limits.ROWS_AT_ONCE) {
      const seen = rows.slice(from, from + limits.ROWS_AT_ONCE)
      try {
        await store.write('signIn.record', { seen, failuresADay: limits.FAILURES_A_DAY })
      } catch (error) {
        log.warn({ err: error, rows: rows.length - from }, 'sign-ins not written')
        for (const row of rows.slice(from)) this.#add(row)
        return this.#plan()
      }
    }
    await this.#writeUsed()
  }

  async #writeUsed(): Promise<void> {
    const { store, log } = this.#options
    const used = [...this.#used].map(([appPasswordId, use]) => ({ appPasswordId, ...use }))
    this.#used = new Map()
    for (let from = 0; from < used.length; from += limits.ROWS_AT_ONCE) {
      try {
        await store.write('appPassword.used', { used: used.slice(from, from + limits.ROWS_AT_ONCE) })
      } catch (error) {
        // The next use tells as much.
        log.warn({ err: error }, 'last use of app passwords not written')
      }
    }
  }
}

function unreferenced(ms: number, run: () => void): void {
  setTimeout(run, ms).unref()
}

/** As much as is shown of it, on one line. */
function printable(client: string): string {
  return client
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, limits.CLIENT_CHARACTERS)
}
