/** What the main thread and the writer's thread say to each other. */
import type { Request } from '../operations/request.ts'
import type { Failure } from './failure.ts'
import type { PackedOutcome } from './packed-outcome.ts'

export interface WriterSettings {
  path: string
}

/** Numbered so that its answer finds it. */
export interface NumberedRequest {
  id: number
  request: Request
}

export interface NumberedOutcome {
  id: number
  outcome: PackedOutcome
}

/** All requests of one turn of a main thread's loop, in order; those of another process as it serialized them. */
export type ToWriter =
  | { requests: NumberedRequest[] }
  | { from: number; bytes: Uint8Array<ArrayBuffer> }
  | { close: true }

/** `committed`: operations of the commit that is answered, with the first of its answers; 0 with the others. */
export type FromWriter =
  | { answers: NumberedOutcome[]; committed: number }
  | { to: number; bytes: Uint8Array; committed: number }
  | { failed: Failure }
