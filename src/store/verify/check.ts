import type { ReadSnapshot } from '../blobs/blobs.ts'
import type { ReadLargeBlob } from '../blobs/large.ts'
import type { Damage } from '../store.ts'
import type { Reader } from '../transaction.ts'

/** What a check looks at: one snapshot, and the large blobs beside it. */
export interface Verification {
  reader: Reader
  /** What there is by now: what lies beside the snapshot's rows may have been moved or removed since. */
  readNow: ReadSnapshot
  readLarge: ReadLargeBlob
  /** Called with the number of rows looked at since the last call. */
  advance: (rows: number) => void
}

/** One thing to be proved of one table. */
export interface Check {
  table: string
  run(verification: Verification): AsyncIterable<Damage>
}

/** Rows read together: enough to be quick, few enough for little memory. */
export const pageRows = 500
