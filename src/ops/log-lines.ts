/**
 * Lines on their way to a file, a pipe or a terminal that may take none for a while (a full disk, a reader that is stuck). Nobody waits
 * for it: lines wait in memory, bounded; beyond that they are dropped and counted, and once all that waited is written it is told.
 */
import { write, writeSync } from 'node:fs'
import { LOG_LAST_MS, LOG_RETRY_MS, LOG_STUCK_MS, LOG_WAITING_CHARACTERS } from './limits.ts'

/** So long a line may wait for others: nobody who reads along sees it, and a process that is killed loses no more. */
const TOGETHER_MS = 20
const TOGETHER_CHARACTERS = 16_384

/** A time in which lines couldn't be written. */
export interface LogGap {
  /** Dropped for good; those that waited came late. */
  lost: number
  since: Date
  /** Why, where the system said so. */
  problem: string | null
}

/** A write for each line takes longer than all else that a line costs, so those of some milliseconds go together. */
export class LogLines {
  readonly #fd: number
  /** May log: what waited has been written. */
  readonly #told: (gap: LogGap) => void
  #lines = ''
  /** Given to the system, or what it left of that. */
  #chunk: Buffer | null = null
  #isUnderWay = false
  #timer: NodeJS.Timeout | null = null
  #gap: LogGap | null = null

  constructor(fd: number, told: (gap: LogGap) => void) {
    this.#fd = fd
    this.#told = told
  }

  write(line: string): void {
    const waiting = this.#lines.length + (this.#chunk?.length ?? 0)
    // One that is dropped is followed by all others until what waits is written: so there is one gap, told where it is.
    if (this.#gap?.lost || waiting + line.length > LOG_WAITING_CHARACTERS) this.#noted().lost++
    else this.#lines += line
    if (this.#lines.length > TOGETHER_CHARACTERS && !this.#chunk) this.#next()
    else this.#plan(TOGETHER_MS)
  }

  /** Before the process ends: blocks for a moment at most, and gives up what can't be written. */
  flush(): void {
    if (!this.#writeRest() || !this.#gap) return
    this.#tell()
    this.#writeRest()
  }

  /** Whether all of it could be. */
  #writeRest(): boolean {
    let rest = Buffer.from(this.#lines)
    this.#lines = ''
    // What is under way is the system's, and is done before the process ends.
    if (this.#chunk && !this.#isUnderWay) {
      rest = Buffer.concat([this.#chunk, rest])
      this.#chunk = null
    }
    return writeNow(this.#fd, rest)
  }

  #plan(ms: number): void {
    if (this.#isUnderWay || this.#timer) return
    this.#timer = setTimeout(() => this.#next(), ms).unref()
  }

  #next(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    if (!this.#chunk?.length) {
      this.#chunk = this.#lines === '' ? null : Buffer.from(this.#lines)
      this.#lines = ''
    }
    if (this.#chunk) this.#give(this.#chunk)
    else this.#tell()
  }

  #give(chunk: Buffer): void {
    this.#isUnderWay = true
    write(this.#fd, chunk, (error, bytes) => {
      this.#isUnderWay = false
      if (error) {
        if (!isStuck(error)) this.#noted().problem ??= error.message
        this.#plan(isStuck(error) ? LOG_STUCK_MS : LOG_RETRY_MS)
      } else {
        this.#chunk = chunk.subarray(bytes)
        this.#next()
      }
    })
  }

  #noted(): LogGap {
    this.#gap ??= { lost: 0, since: new Date(), problem: null }
    return this.#gap
  }

  #tell(): void {
    const gap = this.#gap
    this.#gap = null
    if (gap) this.#told(gap)
  }
}

/** Whether all could be written: a reader that is stuck is waited for, but not for long. */
function writeNow(fd: number, bytes: Buffer): boolean {
  const until = performance.now() + LOG_LAST_MS
  let left = bytes
  while (left.length > 0)
    try {
      left = left.subarray(writeSync(fd, left))
    } catch (error) {
      if (!isStuck(error) || performance.now() > until) return false
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOG_STUCK_MS)
    }
  return true
}

/** A pipe is full, its reader may come to it; all else needs somebody to make room. */
const isStuck = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EBUSY')
