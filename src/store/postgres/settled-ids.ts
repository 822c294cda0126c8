/**
 * Ids are given out before their rows are committed, so a row may be seen while one with a lower id is still under way.
 * Up to which id all rows are there is found so: the last id given is read, then a transaction id is taken. Whoever had an
 * id of the counter by then has a lower transaction id, since it takes that first. Once all lower ones have ended, the
 * counter is settled up to the id that was read.
 */
import type { Counter } from '../transaction.ts'
import type { Channel } from './channel.ts'
import { maxMarks } from './limits.ts'
import { sequenceOf } from './session.ts'

interface Mark {
  id: number
  /** The first transaction id that can't have an id of the counter up to this one. */
  before: bigint
}

export class SettledIds {
  readonly #marks = new Map<Counter, Mark[]>()
  readonly #settled = new Map<Counter, number>()

  /** On a channel without a transaction; what is read there afterwards sees all of it. */
  async ask(channel: Channel, counter: Counter): Promise<number> {
    // Without names, so that each is a transaction of its own: a snapshot names those under way up to the last that has ended,
    // which has to be the one whose id was taken.
    const answers = await Promise.all([
      channel.ask({ text: `SELECT COALESCE(pg_sequence_last_value('${sequenceOf(counter)}'), 0)` }),
      channel.ask({ text: 'SELECT CAST(pg_current_xact_id() AS TEXT)' }),
      channel.ask({
        text: 'SELECT CAST(x AS TEXT) FROM pg_snapshot_xip(pg_current_snapshot()) AS x ORDER BY x LIMIT 1',
      }),
    ])
    const [[id], [before], [oldest]] = answers.map(({ rows }) => rows[0] ?? []) as [[number], [string], [string?]]
    return this.#note(counter, { id, before: BigInt(before) }, oldest === undefined ? null : BigInt(oldest))
  }

  #note(counter: Counter, mark: Mark, oldest: bigint | null): number {
    const marks = [...(this.#marks.get(counter) ?? []), mark]
    const open = marks.filter(({ before }) => oldest !== null && oldest < before)
    const reached = marks.filter(({ before }) => oldest === null || oldest >= before).map(({ id }) => id)
    const settled = Math.max(this.#settled.get(counter) ?? 0, ...reached)
    this.#settled.set(counter, settled)
    // Every other one is enough, and the last.
    this.#marks.set(counter, open.length > maxMarks ? open.filter((_, index) => index % 2 === 1) : open)
    return settled
  }
}
