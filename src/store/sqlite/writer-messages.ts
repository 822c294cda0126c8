/** What the main thread and the writer's thread say to each other. */
import type { Request } from '../operations/request.ts'
import type { Failure } from './failure.ts'
import type { PackedOutcome } from './packed-outcome.ts'

export interface WriterSettings {
  path: string
}

/** All requests of one turn of the main thread's loop, in order; numbered so that answers find them. */
export type ToWriter = { requests: { id: number; request: Request }[] } | { close: true }

export type FromWriter = { answers: { id: number; outcome: PackedOutcome }[] } | { failed: Failure }
