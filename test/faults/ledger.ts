/** What the service has said it has done, and what it was asked and never answered: the measure of what must be found afterwards. */
import { createHash } from 'node:crypto'
import type { Random } from './random.ts'

export const hashOf = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex')

export interface Message {
  id: string
  text: string
}

/** A message on its way to mailboxes here. */
export interface Delivery {
  recipients: readonly string[]
  acknowledged: boolean
  /** By mailbox: taken away again by POP3. */
  removed: Map<string, 'yes' | 'perhaps'>
}

/** A message on its way elsewhere; each recipient's address names it. */
export interface Submission {
  recipients: readonly string[]
  acknowledged: boolean
}

/** From some hundred bytes, which are a row, to 300 KB that can't be compressed, which are a file. */
const sizes = [300, 300, 3_000, 12_000, 12_000, 300_000]

export class Ledger {
  readonly deliveries = new Map<string, Delivery>()
  readonly submissions = new Map<string, Submission>()
  /** How often each load was told that something is done. */
  readonly done = new Map<string, number>()
  /** Refusals as they should be, by their answer. */
  readonly refused = new Map<string, number>()
  /** What must never happen. */
  readonly problems: string[] = []
  readonly #bodies = new Map<string, string>()
  #serial = 0

  next(random: Random): Message {
    const id = `m${++this.#serial}`
    const size = random.pick(sizes)
    let body = `${id} ${'facteur '.repeat(8)}\r\n`
    for (let n = 0; body.length < size; n++) body += `${hashOf(`${id} ${n}`)}\r\n`
    this.#bodies.set(id, hashOf(body))
    return {
      id,
      text: `From: <load@example.net>\r\nSubject: ${id}\r\nMessage-ID: <${id}@example.net>\r\n\r\n${body}`,
    }
  }

  /** The id of a message as it is stored or arrives; a problem where its body is another than it was. */
  idOf(text: string, where: string): string {
    const id = /^Message-ID: <(m\d+)@example\.net>/im.exec(text)?.[1] ?? ''
    const expected = this.#bodies.get(id)
    const end = text.indexOf('\r\n\r\n')
    if (expected === undefined) this.problem(`${where} is a message nobody sent: ${text.slice(0, 200)}`)
    else if (end < 0 || hashOf(text.slice(end + 4)) !== expected) this.problem(`${where}: ${id} has another body`)
    return id
  }

  /** `load` was told that something is done. */
  acknowledge(load: string): void {
    this.done.set(load, (this.done.get(load) ?? 0) + 1)
  }

  /** A refusal for the time being, worded as it should be. */
  refuse(answer: string): void {
    this.refused.set(answer, (this.refused.get(answer) ?? 0) + 1)
  }

  problem(text: string): void {
    this.problems.push(text)
  }

  get acknowledged(): number {
    return [...this.done.values()].reduce((sum, count) => sum + count, 0)
  }
}
