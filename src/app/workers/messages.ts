/** What the service's first process and its workers say to each other, each message one piece of their line. */
import { deserialize, serialize } from 'node:v8'
import type { Config } from '../../ops/config.ts'
import type { SettingName } from '../../ops/config-settings.ts'
import type { Measured } from '../../ops/metrics.ts'
import type { BoundPort } from '../../ops/ports.ts'
import type { CertificateFacts } from '../../ops/tls.ts'

/** What a piece is. The store's go on as they come, unread: only its writer and who writes understand them. */
export const kinds = { message: 0, write: 1, written: 2, lost: 3 } as const

/** What a worker is told of itself and of the service. */
export interface WorkerStart {
  /** From 1 on; the same when it is started again. */
  number: number
  of: number
  config: Config
  /** Settings that nobody gave. */
  defaults: SettingName[]
  logFormat: 'json' | 'text'
  service: { pid: number; startedAt: number }
  /** Where it listens; null where it is to find out, as the first one of a start does. */
  ports: BoundPort[] | null
}

export interface WorkersUp {
  up: number
  of: number
}

export interface WorkerReady {
  listeners: BoundPort[]
  certificate: CertificateFacts
  /** Of the first one of a start: see `FirstStaff`. */
  firstStaff: { url: string; expiresAt: number } | null
}

export type ToWorker =
  | { do: 'start'; start: WorkerStart }
  /** Nothing new is to be sent here; what comes is still taken. */
  | { do: 'leave' }
  | { do: 'stop'; graceMs: number }
  | { do: 'reload' }
  | { do: 'hear'; channel: string; text: string }
  | { do: 'begin'; channel: string }
  | { do: 'measure'; question: number }
  | { do: 'show'; question: number; text: string }
  | { do: 'count'; workers: WorkersUp }
  /** Answered at once. */
  | { do: 'beat' }

export type FromWorker =
  | { told: 'ready'; ready: WorkerReady }
  | { told: 'failed'; name: string; message: string }
  | { told: 'drain'; graceMs: number }
  | { told: 'say'; channel: string; text: string }
  | { told: 'listen'; channel: string }
  | { told: 'deafen'; channel: string }
  | { told: 'beat' }
  | { told: 'measured'; question: number; measured: Measured }
  /** Asks for what all have measured, as one text. */
  | { told: 'ask'; question: number }

export const packed = (message: ToWorker | FromWorker): Uint8Array => serialize(message)
// Both ends are of the same start of the same program.
export const unpacked = <M extends ToWorker | FromWorker>(bytes: Uint8Array): M => deserialize(bytes) as M
