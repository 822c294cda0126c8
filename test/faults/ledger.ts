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

/** Lines that whoever is careless changes: dots, spaces at their ends, none at all. */
const awkward = '.\r\n..\r\n.x\r\n \t \r\nFrom here \r\n\r\n'

/** What the service puts before a message that it takes for its mailboxes, and before one that it sends (RFC 5321 §4.4). */
const trace =
  /^(?:(?:Return-Path|Delivered-To|Received|Authentication-Results|DKIM-Signature):.*\r\n(?:[ \t].*\r\n)*)*$/

const onlyTrace = (fields: string): boolean => trace.test(fields)

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
  readonly #sent = new Map<string, { length: number; hash: string }>()
  #serial = 0

  next(random: Random, from = 'load@example.net'): Message {
    const id = `m${++this.#serial}`
    const size = random.pick(sizes)
    const date = new Date().toUTCString().replace('GMT', '+0000')
    const header = `From: <${from}>\r\nSubject: ${id}\r\n   and \t more \r\nDate: ${date}\r\nMessage-ID: <${id}@example.net>\r\n`
    let text = `${header}\r\n${id} ${'facteur '.repeat(8)}\r\n${awkward}`
    for (let n = 0; text.length < size; n++) text += `${hashOf(`${id} ${n}`)}\r\n`
    this.#sent.set(id, { length: text.length, hash: hashOf(text) })
    return { id, text }
  }

  /** The id of a message as it is stored or arrives; a problem where it isn't, byte for byte and behind the service's trace fields, what was sent. */
  idOf(text: string, where: string): string {
    const id = /^Message-ID: <(m\d+)@example\.net>/im.exec(text)?.[1] ?? ''
    const sent = this.#sent.get(id)
    if (sent === undefined) {
      this.problem(`${where} is a message nobody sent: ${text.slice(0, 200)}`)
      return id
    }
    const start = text.length - sent.length
    if (start < 0 || hashOf(text.slice(start)) !== sent.hash)
      this.problem(`${where}: ${id} is not what was sent: ${text.slice(0, 1_000)}`)
    else if (!onlyTrace(text.slice(0, start)))
      this.problem(`${where}: before ${id} stands ${JSON.stringify(text.slice(0, start))}`)
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

  get refusals(): number {
    return [...this.refused.values()].reduce((sum, count) => sum + count, 0)
  }

  get acknowledged(): number {
    return [...this.done.values()].reduce((sum, count) => sum + count, 0)
  }
}
