/** The way operations get to the one writer: in this thread for databases in memory, else to a thread of its own. */
import { type Request, weightOf } from '../operations/request.ts'
import type { Outcome } from './failure.ts'
import { batchLimits } from './limits.ts'

export interface Writer {
  /** Resolves with what became of it; never rejects. */
  write(request: Request): Promise<Outcome>
  /** Waits for what was given to it. */
  close(): Promise<void>
}

/** Removes the next batch from the front of what waits. */
export function takeBatch<T extends { request: Request }>(waiting: T[]): T[] {
  let bytes = 0
  let count = 0
  for (const { request } of waiting) {
    bytes += weightOf(request)
    if (count > 0 && (bytes > batchLimits.bytes || count === batchLimits.requests)) break
    count++
  }
  return waiting.splice(0, count)
}
