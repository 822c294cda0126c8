import type { Check } from '../verify/check.ts'
import type { SqliteConnection } from './connection.ts'
import { maxProblems } from './limits.ts'

/** What SQLite itself finds wrong: pages, the order of keys, indexes that differ from their tables. */
export function integrityOf(connection: SqliteConnection): Check {
  return {
    table: 'database',
    async *run() {
      for (const problem of connection.pragma(`integrity_check(${maxProblems})`))
        if (problem !== 'ok') yield { table: 'database', key: '', problem: String(problem) }
    },
  }
}
