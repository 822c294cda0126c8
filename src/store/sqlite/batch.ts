/**
 * Group commit: all operations that wait are run in one transaction, each under a savepoint, and committed once.
 * An operation that fails leaves the others alone. Where the commit fails, all have failed.
 */
import { operations } from '../operations/index.ts'
import type { Request } from '../operations/request.ts'
import type { Operations } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import type { SqliteConnection } from './connection.ts'
import { failureOf, type Outcome } from './failure.ts'

export async function runBatch(connection: SqliteConnection, requests: readonly Request[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  try {
    connection.control('BEGIN IMMEDIATE')
    for (const request of requests) outcomes.push(await runOne(connection, request))
    connection.control('COMMIT')
    return outcomes
  } catch (error) {
    if (connection.inTransaction) connection.control('ROLLBACK')
    const { code, message } = failureOf(error)
    // Even what nobody expected is told as "unavailable" here: it is the batch that failed, not these operations.
    const failure = { code: code ?? 'unavailable', message }
    // What an operation was refused for holds whether or not the others were committed.
    return requests.map((_, index) => {
      const outcome = outcomes[index]
      return outcome && 'failure' in outcome ? outcome : { failure }
    })
  }
}

async function runOne(connection: SqliteConnection, request: Request): Promise<Outcome> {
  connection.control('SAVEPOINT operation')
  try {
    const value = await perform(connection, request.operation, request.args)
    connection.control('RELEASE operation')
    return { value }
  } catch (error) {
    // Of some errors (a full disk) SQLite rolls all back by itself: then the whole batch has failed.
    if (!connection.inTransaction) throw error
    connection.control('ROLLBACK TO operation')
    connection.control('RELEASE operation')
    return { failure: failureOf(error) }
  }
}

function perform<K extends keyof Operations>(
  transaction: Transaction,
  operation: K,
  args: Operations[K]['args'],
): Promise<Operations[K]['result']> {
  return operations[operation](transaction, args)
}
