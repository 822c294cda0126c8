/** What operations and queries are given: statements on one channel, within one transaction. */
import type { Statement, Value } from '../sql.ts'
import { sql } from '../sql.ts'
import type { Counter, Reader, Transaction, Turn } from '../transaction.ts'
import type { Answer, Channel } from './channel.ts'
import { groupsOf, parametersOf, prepare, prepareGroup } from './dialect.ts'

export function ask(channel: Channel, statement: Statement): Promise<Answer> {
  return channel.ask({ ...prepare(statement), parameters: parametersOf(statement) })
}

/** The columns a statement asks for and the tuple it is read as stand side by side in rows/, operations/ and queries/. */
const tuplesOf = <Tuple extends Value[]>({ rows }: Answer): Tuple[] => rows as Tuple[]

/** Where a reader's statements go; it may open it with the first. */
export interface ReaderParts {
  /** Asked for before each statement. */
  channel: () => Promise<Channel>
  settledId: (counter: Counter) => Promise<number>
}

export class SessionReader implements Reader {
  readonly packs = null
  readonly #parts: ReaderParts

  constructor(parts: ReaderParts) {
    this.#parts = parts
  }

  async get<Tuple extends Value[]>(statement: Statement): Promise<Tuple | undefined> {
    return (await this.all<Tuple>(statement))[0]
  }

  async all<Tuple extends Value[]>(statement: Statement): Promise<Tuple[]> {
    return tuplesOf(await ask(await this.#parts.channel(), statement))
  }

  settledId(counter: Counter): Promise<number> {
    return this.#parts.settledId(counter)
  }
}

export interface TransactionParts {
  channel: Channel
  settled: ReadonlyMap<Counter, number>
  sent: Promise<Answer>[]
  ids: Ids
}

interface WantedIds {
  count: number
  resolve(ids: number[]): void
  reject(error: unknown): void
}

/** Numbers of one transaction: what the operations of a group want of a counter at once is asked for at once. */
export class Ids {
  readonly #channel: Channel
  readonly #wanted = new Map<Counter, WantedIds[]>()

  constructor(channel: Channel) {
    this.#channel = channel
  }

  next(counter: Counter, count: number): Promise<number[]> {
    return new Promise((resolve, reject) => {
      const wanted = this.#wanted.get(counter)
      if (wanted) return void wanted.push({ count, resolve, reject })
      this.#wanted.set(counter, [{ count, resolve, reject }])
      // Others come to the same step behind this one.
      queueMicrotask(() => void this.#ask(counter))
    })
  }

  /**
   * With the transaction's own id first: who asks for the settled id must be able to see that this one is under way (see
   * `settled-ids.ts`).
   */
  async #ask(counter: Counter): Promise<void> {
    const wanted = this.#wanted.get(counter) ?? []
    this.#wanted.delete(counter)
    const count = wanted.reduce((sum, each) => sum + each.count, 0)
    try {
      const answer = await ask(
        this.#channel,
        sql`
        SELECT pg_current_xact_id(), nextval(CAST(${sequenceOf(counter)} AS regclass)) FROM generate_series(1, ${count})`,
      )
      const ids = tuplesOf<[string, number]>(answer).map(([, id]) => id)
      for (const { count, resolve } of wanted) resolve(ids.splice(0, count))
    } catch (error) {
      for (const { reject } of wanted) reject(error)
    }
  }
}

export class SessionTransaction implements Transaction {
  readonly packs = null
  readonly #channel: Channel
  readonly #settled: ReadonlyMap<Counter, number>
  readonly #sent: Promise<Answer>[]
  readonly #ids: Ids
  /** To be sent before whatever is asked next. */
  #waiting: Statement[] = []

  /** `sent`: gets what is not waited for. `ids`: of all that go through the channel together. */
  constructor({ channel, settled, sent, ids }: TransactionParts) {
    this.#channel = channel
    this.#settled = settled
    this.#sent = sent
    this.#ids = ids
  }

  async get<Tuple extends Value[]>(statement: Statement): Promise<Tuple | undefined> {
    return (await this.all<Tuple>(statement))[0]
  }

  async all<Tuple extends Value[]>(statement: Statement): Promise<Tuple[]> {
    this.flush()
    return tuplesOf(await ask(this.#channel, statement))
  }

  async run(statement: Statement): Promise<number> {
    this.flush()
    return (await ask(this.#channel, statement)).count
  }

  send(statement: Statement): void {
    this.#waiting.push(statement)
  }

  /** Sends what is not waited for. */
  flush(): void {
    if (this.#waiting.length === 0) return
    for (const group of groupsOf(this.#waiting)) {
      const answer = this.#channel.ask({ ...prepareGroup(group), parameters: group.flatMap(parametersOf) })
      // Whoever commits looks at it.
      answer.catch(() => {})
      this.#sent.push(answer)
    }
    this.#waiting = []
  }

  async nextId(counter: Counter): Promise<number> {
    const [id] = await this.nextIds(counter, 1)
    if (id === undefined) throw new Error(`there is no counter ${counter}`)
    return id
  }

  nextIds(counter: Counter, count: number): Promise<number[]> {
    return this.#ids.next(counter, count)
  }

  settledId(counter: Counter): number {
    const settled = this.#settled.get(counter)
    if (settled === undefined) throw new Error(`the operation's order does not name the counter ${counter}`)
    return settled
  }

  async takeTurn(turn: Turn): Promise<void> {
    await this.all(sql`SELECT 1 FROM turn WHERE name = ${turn} FOR NO KEY UPDATE`)
  }
}

export function sequenceOf(counter: Counter): string {
  return `counter_${counter}`
}
