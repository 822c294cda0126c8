/**
 * Group commit: all operations that wait are run in one transaction and committed once. An operation that fails leaves the
 * others alone. Where the commit fails, all have failed.
 *
 * Failures are rare and savepoints cost a sixth of a delivery, so a batch is first run without. When an operation fails,
 * all is rolled back and run again, each operation under a savepoint: they depend on nothing but the store and their
 * arguments.
 */
import { perform } from '../operations/index.ts'
import type { Request } from '../operations/request.ts'
import type { SqliteConnection } from './connection.ts'
import { failureOf, type Outcome } from './failure.ts'

export async function runBatch(connection: SqliteConnection, requests: readonly Request[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  try {
    if (await runTogether(connection, requests, outcomes)) return outcomes
    outcomes.length = 0
    connection.control('BEGIN IMMEDIATE')
    for (const request of requests) outcomes.push(await runGuarded(connection, request))
    commit(connection)
    return outcomes
  } catch (error) {
    rollback(connection)
    const { code, message } = failureOf(error, connection)
    // Even what nobody expected is told as "unavailable" here: it is the batch that failed, not these operations.
    const failure = { code: code ?? 'unavailable', message }
    // What an operation was refused for holds whether or not the others were committed.
    return requests.map((_, index) => {
      const outcome = outcomes[index]
      return outcome && 'failure' in outcome ? outcome : { failure }
    })
  }
}

/** False where an operation failed: nothing is changed then. Throws where the batch as a whole can't be run. */
async function runTogether(
  connection: SqliteConnection,
  requests: readonly Request[],
  outcomes: Outcome[],
): Promise<boolean> {
  connection.control('BEGIN IMMEDIATE')
  try {
    for (const { operation, args } of requests) outcomes.push({ value: await perform(connection, operation, args) })
  } catch {
    rollback(connection)
    return false
  }
  commit(connection)
  return true
}

/** What lies in packs is on disk before the rows that name it. */
function commit(connection: SqliteConnection): void {
  connection.packs?.flush()
  connection.control('COMMIT')
}

function rollback(connection: SqliteConnection): void {
  connection.packs?.rollback()
  if (connection.inTransaction) connection.control('ROLLBACK')
}

async function runGuarded(connection: SqliteConnection, request: Request): Promise<Outcome> {
  connection.control('SAVEPOINT operation')
  const packed = connection.packs?.mark
  try {
    const value = await perform(connection, request.operation, request.args)
    connection.control('RELEASE operation')
    return { value }
  } catch (error) {
    // Of some errors (a full disk) SQLite rolls all back by itself: then the whole batch has failed.
    if (!connection.inTransaction) throw error
    connection.control('ROLLBACK TO operation')
    connection.packs?.rollback(packed)
    connection.control('RELEASE operation')
    return { failure: failureOf(error, connection) }
  }
}
