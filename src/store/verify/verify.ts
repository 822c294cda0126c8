/** Proves a store: every row, counter, reference and blob of one snapshot. */
import { sql } from '../sql.ts'
import type { Damage } from '../store.ts'
import type { Reader } from '../transaction.ts'
import type { Check, Verification } from './check.ts'
import { contents } from './contents.ts'
import { counters } from './counters.ts'
import { references } from './references.ts'

export interface VerifyOptions extends Omit<Verification, 'advance'> {
  /** What the engine itself finds wrong with how it keeps its tables. */
  engine: Check
  progress?: (done: number, total: number) => void
}

/** For the progress alone; where even that can't be counted, the checks will say why. */
async function countRows(reader: Reader): Promise<number> {
  try {
    const row = await reader.get<[number]>(sql`
      SELECT (SELECT COUNT(*) FROM message) + (SELECT COUNT(*) FROM email)
        + (SELECT COUNT(*) FROM queue_recipient) + (SELECT COUNT(*) FROM blob)`)
    return row?.[0] ?? 0
  } catch {
    return 0
  }
}

export async function* verify({ reader, readLarge, engine, progress }: VerifyOptions): AsyncGenerator<Damage> {
  let done = 0
  const total = await countRows(reader)
  const advance = (rows: number): void => {
    done += rows
    progress?.(done, total)
  }
  for (const check of [engine, ...counters, ...references, ...contents]) {
    try {
      yield* check.run({ reader, readLarge, advance })
    } catch (error) {
      // A page that can't be read, a number too large: the rest is looked at all the same.
      const problem = `it can't be read: ${error instanceof Error ? error.message : error}`
      yield { table: check.table, key: '', problem }
    }
  }
}
