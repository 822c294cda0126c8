import type { Reader } from '../transaction.ts'
import type { SqliteConnection } from './connection.ts'
import type { Turns } from './turns.ts'

/** Gives queries a snapshot to read from. */
export interface Snapshots {
  read<T>(query: (reader: Reader) => Promise<T>): Promise<T>
}

/**
 * On a connection that only reads. Queries never wait for anything but SQLite, which answers at once, so those that
 * overlap belong to one turn of the loop and share its snapshot; the answer to a write is heard in a later turn.
 */
export class SnapshotReader implements Snapshots {
  readonly #connection: SqliteConnection
  #reading = 0

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  async read<T>(query: (reader: Reader) => Promise<T>): Promise<T> {
    if (this.#reading === 0) this.#connection.control('BEGIN')
    this.#reading++
    try {
      return await query(this.#connection)
    } finally {
      this.#reading--
      if (this.#reading === 0) this.#connection.control('COMMIT')
    }
  }
}

/** On the connection that writes as well: queries and batches take turns. */
export class TurnReader implements Snapshots {
  readonly #connection: SqliteConnection
  readonly #turns: Turns

  constructor(connection: SqliteConnection, turns: Turns) {
    this.#connection = connection
    this.#turns = turns
  }

  read<T>(query: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#turns.take(() => query(this.#connection))
  }
}
