import type { Queries } from '../store.ts'
import type { Reader } from '../transaction.ts'

/** One query's body; all it reads is of one snapshot. */
export type Query<K extends keyof Queries> = (reader: Reader, args: Queries[K]['args']) => Promise<Queries[K]['result']>
