/** Proves a store: every row, counter, reference and blob of one snapshot. */
import type { Damage } from '../store.ts'
import type { Check, Verification } from './check.ts'
import { contents, rowByRow } from './contents.ts'
import { counters } from './counters.ts'
import { references } from './references.ts'
import { allRows, countRows } from './rows.ts'

export interface VerifyOptions extends Omit<Verification, 'advance'> {
  /** What the engine itself finds wrong with how it keeps its tables. */
  engine: Check
  progress?: (done: number, total: number) => void
}

export async function* verify({ reader, readNow, readLarge, engine, progress }: VerifyOptions): AsyncGenerator<Damage> {
  let done = 0
  const all = allRows(rowByRow)
  const total = await countRows(reader, all)
  const advance = (rows: number): void => {
    done += rows
    progress?.(done, total)
  }
  for (const check of [engine, ...counters, ...references, ...all.checks, ...contents]) {
    try {
      yield* check.run({ reader, readNow, readLarge, advance })
    } catch (error) {
      // A page that can't be read, a number too large: the rest is looked at all the same.
      const problem = `it can't be read: ${error instanceof Error ? error.message : error}`
      yield { table: check.table, key: '', problem }
    }
  }
}
