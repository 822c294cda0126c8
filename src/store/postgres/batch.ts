/**
 * Questions of one turn, which the server answers together. As the driver asks, each has an end of its own, at which the server
 * hands over what it has: a system call there, a waking here, and what follows from it goes out by itself again. Here one end
 * stands behind all (PostgreSQL, Extended Query, "Sync"); and what a statement's columns are is told once on each connection.
 *
 * A batch is answered as a whole or fails as a whole: behind the first that fails the server passes over the others.
 */
import pg from 'pg'
import type { Value } from '../sql.ts'
import type { Answer, Question } from './channel.ts'

export type Parser = (text: string) => Value
export type NamedQuestion = Question & { name: string }

/** The driver's, as far as it is used here. */
interface Connection {
  parse(statement: { name: string; text: string }): void
  bind(portal: { statement: string; values: readonly unknown[]; valueMapper: (value: unknown) => unknown }): void
  describe(what: { type: 'P'; name: string }): void
  execute(): void
  sync(): void
}

interface Prepared {
  /** On the server. */
  name: string
  /** Of its columns; null until the server has told of them. */
  parsers: readonly Parser[] | null
}

interface Asked {
  question: NamedQuestion
  answer: Answer
  prepared: Prepared
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** What one connection keeps prepared, by the names of the questions. */
class Statements {
  readonly #prepared = new Map<string, Prepared>()
  #generation = 0

  /** With `isNew` the server is yet to be told of it. */
  of({ name }: NamedQuestion): { prepared: Prepared; isNew: boolean } {
    const known = this.#prepared.get(name)
    if (known) return { prepared: known, isNew: false }
    const prepared = { name: `${name}.${this.#generation}`, parsers: null }
    this.#prepared.set(name, prepared)
    return { prepared, isNew: true }
  }

  /** The server may have taken it or not: under another name it is new for certain. */
  forget(names: readonly string[]): void {
    for (const name of names) this.#prepared.delete(name)
    if (names.length > 0) this.#generation++
  }
}

const statementsOn = new WeakMap<object, Statements>()
const untold: Prepared = { name: '', parsers: null }
const rowsCounted = /\d+$/

export class Batch extends pg.Query {
  /** The driver calls it with what went wrong, or once the server is ready for what comes next. */
  callback = (error: Error | null): void => (error ? this.#fail(error) : this.#succeed())
  /** Milliseconds; the driver reads it. */
  declare readonly query_timeout?: number
  readonly #parserOf: (oid: number) => Parser
  readonly #asked: Asked[] = []
  #statements = new Statements()
  #firstPrepared: string[] = []
  /** Of those asked, which the server answers now. */
  #at = 0
  #unread: Error | null = null

  /** `parserOf`: of a column's type, by its OID. */
  constructor(parserOf: (oid: number) => Parser, timeoutMs?: number) {
    super('')
    this.#parserOf = parserOf
    if (timeoutMs !== undefined) this.query_timeout = timeoutMs
  }

  /** Before it is submitted. */
  ask(question: NamedQuestion): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const answer = { rows: [], count: 0, command: '' }
      this.#asked.push({ question, answer, prepared: untold, resolve, reject })
    })
  }

  override submit = (driver: unknown): null => {
    const connection = driver as Connection
    let statements = statementsOn.get(connection)
    if (!statements) statementsOn.set(connection, (statements = new Statements()))
    this.#statements = statements
    for (const asked of this.#asked) {
      const { question } = asked
      const { prepared, isNew } = statements.of(question)
      asked.prepared = prepared
      if (isNew) {
        this.#firstPrepared.push(question.name)
        connection.parse({ name: prepared.name, text: question.text })
      }
      connection.bind({ statement: prepared.name, values: question.parameters ?? [], valueMapper: asSent })
      if (isNew) connection.describe({ type: 'P', name: '' })
      connection.execute()
    }
    connection.sync()
    return null
  }

  handleRowDescription({ fields }: { fields: readonly { dataTypeID: number }[] }): void {
    const { prepared } = this.#asked[this.#at]!
    prepared.parsers = fields.map(({ dataTypeID }) => this.#parserOf(dataTypeID))
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const { answer, prepared } = this.#asked[this.#at]!
    const { parsers } = prepared
    try {
      answer.rows.push(fields.map((text, column) => (text === null ? null : parsers![column]!(text))))
    } catch (error) {
      this.#unread ??= error instanceof Error ? error : new Error(String(error))
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    const { answer, prepared } = this.#asked[this.#at++]!
    prepared.parsers ??= []
    answer.count = Number(rowsCounted.exec(text)?.[0] ?? 0)
    answer.command = text.split(' ', 1)[0]!
  }

  handleReadyForQuery(): void {
    this.callback(this.#unread)
  }

  #succeed(): void {
    for (const { answer, resolve } of this.#let()) resolve(answer)
  }

  #fail(error: Error): void {
    this.#statements.forget(this.#firstPrepared)
    for (const { reject } of this.#let()) reject(error)
  }

  /**
   * What was asked, which is let go: the driver's closures over a query lie where V8 puts whatever is assigned to a property, among
   * what is old, and would keep the rows from the collector of what is young.
   */
  #let(): Asked[] {
    return this.#asked.splice(0)
  }
}

/** The driver knows bytes by Node's own class. */
function asSent(value: unknown): unknown {
  return value instanceof Uint8Array && !Buffer.isBuffer(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : value
}
