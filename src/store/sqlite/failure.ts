/** What an operation's end looks like where it crosses from one thread to the other, and what SQLite's errors mean to a caller. */
import { StoreError, type StoreErrorCode } from '../store.ts'

export type Outcome = { value: unknown } | { failure: Failure }

/** `code` is null for what nobody expected: a defect. */
export interface Failure {
  code: StoreErrorCode | null
  message: string
}

/** Primary result codes of SQLite (sqlite.org/rescode.html) that are the world's doing, not ours. */
const expected: Record<number, StoreErrorCode> = {
  5: 'unavailable', // BUSY
  6: 'unavailable', // LOCKED
  7: 'unavailable', // NOMEM
  8: 'unavailable', // READONLY
  10: 'unavailable', // IOERR
  13: 'unavailable', // FULL
  14: 'unavailable', // CANTOPEN
  11: 'damaged', // CORRUPT
  26: 'damaged', // NOTADB
}

/** Whether the file behind a connection can be read at all. */
export interface Readable {
  isReadable(): boolean
}

const corrupt = 11

/** SQLite tells a disk that fails to read (EIO) as a damaged database: where `from` can't be read either, it is the disk. */
export function failureOf(error: unknown, from?: Readable): Failure {
  if (error instanceof StoreError) return { code: error.code, message: error.message }
  if (!(error instanceof Error)) return { code: null, message: String(error) }
  const code = sqliteCodeOf(error)
  const meaning = code === null ? undefined : expected[code & 0xff]
  if (code !== null && (code & 0xff) === corrupt && from?.isReadable() === false)
    return { code: 'unavailable', message: 'the disk of the database fails to read' }
  if (meaning) return { code: meaning, message: `the database answered: ${error.message}` }
  return { code: null, message: error.stack ?? error.message }
}

export function errorOf({ code, message }: Failure): Error {
  return code === null ? new Error(message) : new StoreError(code, message)
}

/** The same for what is thrown; what nobody expected stays as it is. */
export function translated(error: unknown, from: Readable): unknown {
  const failure = failureOf(error, from)
  return failure.code === null || error instanceof StoreError ? error : errorOf(failure)
}

function sqliteCodeOf(error: Error): number | null {
  return 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null
}
