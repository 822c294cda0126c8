/** PostgreSQL compiled to WebAssembly, in this process: one connection, for which all take turns. */
import { PGlite } from '@electric-sql/pglite'
import type { Answer, Channel, Channels, Question } from '../../src/store/postgres/channel.ts'
import { parserOf } from '../../src/store/postgres/pg-channels.ts'
import { Turns } from '../../src/store/sqlite/turns.ts'

/** Types of columns and of parameters: OIDs of pg_type. What a store sends is text already, or bytes. */
const columns = [16, 17, 20, 21, 23, 25, 26, 1700, 2205, 5069]
const parameters = [20, 21, 23, 25, 26, 1700, 1009, 1016, 2205, 5069]
const parsers = Object.fromEntries(columns.map(oid => [oid, parserOf(oid)]))
const serializers = Object.fromEntries(parameters.map(oid => [oid, (value: string) => value]))

export class PgliteChannels implements Channels {
  /** It has one connection. */
  readonly forLookUps = this
  readonly #database: PGlite
  readonly #turns = new Turns()
  #free: () => void = () => {}

  private constructor(database: PGlite) {
    this.#database = database
  }

  static async open(): Promise<PgliteChannels> {
    return new PgliteChannels(await PGlite.create())
  }

  take(): Promise<Channel> {
    return new Promise(resolve => {
      void this.#turns.take(
        () =>
          new Promise<void>(free => {
            this.#free = free
            resolve({ process: null, server: Promise.resolve('pglite'), ask: question => this.#ask(question) })
          }),
      )
    })
  }

  give(): void {
    this.#free()
  }

  async close(): Promise<void> {}

  /** What a store closes stays for the next one. */
  end(): Promise<void> {
    return this.#database.close()
  }

  async empty(text: string): Promise<void> {
    await this.#database.exec(text)
  }

  async #ask({ text, parameters: values = [] }: Question): Promise<Answer> {
    const { rows, affectedRows } = await this.#database.query<Answer['rows'][number]>(text, [...values], {
      rowMode: 'array',
      parsers,
      serializers,
    })
    return { rows, count: affectedRows || rows.length, command: text.split(' ', 1)[0] ?? '' }
  }
}
