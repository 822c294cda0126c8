/** What the threads of texts are told, and tell. */
import { StoreError, type StoreErrorCode } from '../../store/store.ts'
import type { Job, JobName, JobResult } from './jobs.ts'

/** null: it is to end. */
export type ToTextThread = { [Name in JobName]: { name: Name; job: Job<Name> } }[JobName] | null

export interface TextThreadFailure {
  code: StoreErrorCode | null
  message: string
}
export type FromTextThread = { ready: true } | { result: JobResult<JobName> } | { failure: TextThreadFailure }

export function failureOf(error: unknown): TextThreadFailure {
  const message = error instanceof Error ? error.message : String(error)
  return { code: error instanceof StoreError ? error.code : null, message }
}

export function errorOf({ code, message }: TextThreadFailure): Error {
  return code === null ? new Error(message) : new StoreError(code, message)
}
