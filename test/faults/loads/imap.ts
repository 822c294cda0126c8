/** APPEND, REPLACE, STORE, COPY, MOVE and EXPUNGE in the two mailboxes of one account. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Gone, LineClient } from '../line-client.ts'
import type { Random } from '../random.ts'
import { demand, judge, type Load, type Scene } from './load.ts'
import { type Box, boxes, type Change, MailboxModel } from './mailbox-model.ts'

const pauseMs = 20

/** A mailbox is kept about this large: looking at it after each fault is part of each round. */
const enough = 24

export class ImapLoad implements Load {
  readonly name: string
  readonly model = new MailboxModel()
  readonly #user: string

  constructor(user: string) {
    this.#user = user
    this.name = `changes of ${user}`
  }

  get user(): string {
    return this.#user
  }

  /** What comes after a command without an answer can't be told from what it did. */
  get able(): boolean {
    return this.model.pending === null
  }

  async connect(scene: Scene, random: Random): Promise<void> {
    const client = await signIn(scene, this.#user)
    try {
      while (!scene.stopping && this.able) {
        const box = random.pick(boxes)
        client.send(`s SELECT ${box}${random.pick(['', ' (CONDSTORE)'])}\r\n`)
        const { line, untagged } = await client.completion('s')
        demand(scene, 'IMAP', 'SELECT', line)
        this.model.told[box].hear(untagged)
        for (let left = random.between(1, 4); left > 0 && !scene.stopping && this.able; left--)
          await this.#change(scene, client, box, this.#choose(scene, random, box))
      }
    } finally {
      client.close()
    }
  }

  async #change(scene: Scene, client: LineClient, box: Box, change: Change & { literal?: string }): Promise<void> {
    const { model } = this
    client.send(change.literal === undefined ? `c ${change.text}\r\n` : `c ${change.text}\r\n${change.literal}\r\n`)
    model.pending = change
    const { line, untagged } = await client.completion('c')
    model.told[box].hear([line, ...untagged])
    if (judge(scene, 'IMAP', change.text.split(' ').slice(0, 2).join(' '), line)) {
      model.pending = null
      // COPYUID of a MOVE comes before its end (RFC 6851 §4.3).
      const told = [line, ...untagged].map(text => /\[(?:APPENDUID \d+|COPYUID \d+ \S+) (\S+)\]/.exec(text)?.[1])
      model.apply(change, numbersOf(told.find(uids => uids !== undefined) ?? ''))
      scene.ledger.acknowledge(this.name)
      return
    }
    if (scene.dies) throw new Gone()
    model.pending = null
    await sleep(pauseMs)
  }

  #choose(scene: Scene, random: Random, box: Box): Change & { literal?: string } {
    const there = [...this.model.contents[box].keys()]
    const chosen = random.some(there, 0.3)
    const kinds =
      there.length > enough
        ? (['replace', 'move', 'expunge', 'delete'] as const)
        : (['append', 'append', 'replace', 'store', 'copy', 'move', 'expunge', 'delete'] as const)
    const kind = chosen.length === 0 ? 'append' : random.pick(kinds)
    const other: Box = box === 'INBOX' ? 'Other' : 'INBOX'
    const uids = chosen.join(',')
    const entries = chosen.map(uid => this.model.contents[box].get(uid)!)
    switch (kind) {
      case 'append': {
        const { id, text } = scene.ledger.next(random)
        const flags = random.some(['$Seen-by-me', '\\Answered', '\\Flagged'], 0.3)
        const added = { box: random.pick(boxes), entries: [{ id, flags }] }
        return { text: `APPEND ${added.box} (${flags.join(' ')}) {${text.length}+}`, literal: text, added }
      }
      case 'replace': {
        const { id, text } = scene.ledger.next(random)
        const [uid = 0] = chosen
        const added = { box: random.pick(boxes), entries: [{ id, flags: [] }] }
        const command = `UID REPLACE ${uid} ${added.box} {${text.length}+}`
        return { text: command, literal: text, removed: { box, uids: [uid] }, added }
      }
      case 'store': {
        const flag = random.pick(['\\Flagged', '\\Answered', '\\Seen', 'work'])
        const sign = random.pick(['+', '-'])
        const flags = (before: readonly string[]): string[] =>
          [...before.filter(name => name !== flag), ...(sign === '+' ? [flag] : [])].sort()
        return { text: `UID STORE ${uids} ${sign}FLAGS.SILENT (${flag})`, flagged: { box, uids: chosen, flags } }
      }
      case 'delete': {
        const flags = (before: readonly string[]): string[] =>
          [...before.filter(name => name !== '\\Deleted'), '\\Deleted'].sort()
        return { text: `UID STORE ${uids} +FLAGS.SILENT (\\Deleted)`, flagged: { box, uids: chosen, flags } }
      }
      case 'copy':
        return { text: `UID COPY ${uids} ${other}`, added: { box: other, entries } }
      case 'move':
        return { text: `UID MOVE ${uids} ${other}`, removed: { box, uids: chosen }, added: { box: other, entries } }
      case 'expunge': {
        const removed = there.filter(uid => this.model.contents[box].get(uid)?.flags.includes('\\Deleted'))
        return { text: `UID EXPUNGE 1:*`, removed: { box, uids: removed } }
      }
    }
  }
}

export async function signIn(scene: Scene, user: string): Promise<LineClient> {
  const client = await LineClient.open(scene.ports.imap)
  try {
    demand(scene, 'IMAP', 'greeting', await client.line())
    client.send(`a LOGIN ${user}@example.org "${scene.password}"\r\n`)
    demand(scene, 'IMAP', 'LOGIN', (await client.completion('a')).line)
    return client
  } catch (error) {
    client.close()
    throw error
  }
}

function numbersOf(set: string): number[] {
  return set
    .split(',')
    .filter(range => range !== '')
    .flatMap(range => {
      const [from = 0, to = from] = range.split(':').map(Number)
      return Array.from({ length: to - from + 1 }, (_, index) => from + index)
    })
}
