import type { Request } from '../operations/request.ts'
import { runBatch } from './batch.ts'
import type { SqliteConnection } from './connection.ts'
import type { Outcome } from './failure.ts'
import type { Turns } from './turns.ts'
import { takeBatch, type Writer } from './writer.ts'

/** For databases in memory: writer and readers share one connection and take turns. */
export class LocalWriter implements Writer {
  readonly #connection: SqliteConnection
  readonly #turns: Turns
  readonly #waiting: { request: Request; resolve: (outcome: Outcome) => void }[] = []

  constructor(connection: SqliteConnection, turns: Turns) {
    this.#connection = connection
    this.#turns = turns
  }

  write(request: Request): Promise<Outcome> {
    return new Promise(resolve => {
      this.#waiting.push({ request, resolve })
      void this.#turns.take(() => this.#runWaiting())
    })
  }

  close(): Promise<void> {
    return this.#turns.take(async () => {})
  }

  async #runWaiting(): Promise<void> {
    const batch = takeBatch(this.#waiting)
    if (batch.length === 0) return
    const outcomes = await runBatch(
      this.#connection,
      batch.map(({ request }) => request),
    )
    for (const [index, { resolve }] of batch.entries()) resolve(outcomes[index]!)
  }
}
