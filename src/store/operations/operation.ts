import type { Operations } from '../store.ts'
import type { Transaction } from '../transaction.ts'

/** One operation's body. It throws a StoreError for what can be expected; nothing it did then remains. */
export type Operation<K extends keyof Operations> = (
  transaction: Transaction,
  args: Operations[K]['args'],
) => Promise<Operations[K]['result']>
