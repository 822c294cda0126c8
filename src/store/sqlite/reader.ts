import { StoreError } from '../store.ts'
import type { Reader } from '../transaction.ts'
import type { SqliteConnection } from './connection.ts'
import { translated } from './failure.ts'
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
    try {
      if (this.#reading === 0) this.#connection.control('BEGIN')
      this.#reading++
      try {
        const answer = await query(this.#connection)
        // Where reading fails SQLite ends the transaction by itself: what was read behind that is of another snapshot.
        if (!this.#connection.inTransaction) throw new StoreError('unavailable', 'the snapshot is lost')
        return answer
      } finally {
        this.#reading--
        if (this.#reading === 0 && this.#connection.inTransaction) this.#end()
      }
    } catch (error) {
      throw translated(error, this.#connection)
    }
  }

  #end(): void {
    try {
      this.#connection.control('COMMIT')
    } finally {
      // One that stays open would show the same snapshot for ever.
      if (this.#connection.inTransaction) this.#connection.control('ROLLBACK')
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
