/** Looks at everything the service holds after a fault, and compares it with what it said and with what was seen before. */

import type { Deaths } from './arrivals.ts'
import type { Ledger } from './ledger.ts'
import type { LineClient } from './line-client.ts'
import { ImapLoad, signIn } from './loads/imap.ts'
import type { Load, Scene } from './loads/load.ts'
import { type Box, boxes, type Contents, type Entry, type Told } from './loads/mailbox-model.ts'
import { deliveredTo } from './loads/smtp.ts'

interface Seen {
  uid: number
  flags: string[]
  modseq: number
  size: number
  id: string
}

interface Mailbox {
  uidValidity: number
  uidNext: number
  highestModseq: number
  messages: Map<number, Seen>
}

/** Above it, what was looked at is thrown away by EXPUNGE. */
const enough = 120

export class Examiner {
  readonly #scene: Scene
  readonly #ledger: Ledger
  /** As they were found last, by `user/box`. */
  readonly #before = new Map<string, Mailbox>()

  constructor(scene: Scene) {
    this.#scene = scene
    this.#ledger = scene.ledger
  }

  /** Mailboxes, flags, counters, UIDs, mod-sequences and quotas; problems go to the ledger. */
  async mailboxes(loads: readonly Load[]): Promise<void> {
    for (const user of deliveredTo) await this.#deliveries(user)
    this.#wholeOrNot()
    for (const load of loads) {
      if (!(load instanceof ImapLoad)) continue
      const found = {} as Contents
      for (const [box, mailbox] of await this.#account(load.user, boxes)) {
        this.#asTold(`${load.user}/${box}`, mailbox, load.model.told[box])
        found[box] = new Map([...mailbox.messages].map(([uid, { id, flags }]) => [uid, { id, flags } satisfies Entry]))
      }
      const wrong = load.model.reconcile(found)
      if (wrong !== null) this.#ledger.problem(`${load.user}: ${wrong}`)
    }
  }

  /** Against the answers before the fault, not only what was found at the last look. */
  #asTold(where: string, { uidNext, highestModseq, messages }: Mailbox, told: Told): void {
    const problem = (text: string): void => this.#ledger.problem(`${where}: ${text}`)
    if (uidNext < told.uidNext) problem(`UIDNEXT is ${uidNext} and was told as ${told.uidNext}`)
    if (highestModseq < told.highestModseq)
      problem(`HIGHESTMODSEQ is ${highestModseq} and was told as ${told.highestModseq}`)
    for (const [uid, modseq] of told.modseqs) {
      const found = messages.get(uid)?.modseq
      if (found === undefined) told.modseqs.delete(uid)
      else if (found < modseq) problem(`the MODSEQ of ${uid} is ${found} and was told as ${modseq}`)
    }
  }

  /** What was taken for elsewhere: `waiting` in the queue by recipient, `arrived` at these moments. */
  queue(waiting: ReadonlySet<string>, arrived: ReadonlyMap<string, readonly number[]>, deaths: Deaths): void {
    for (const { recipients, acknowledged } of this.#ledger.submissions.values()) {
      const found = recipients.map(address => waiting.has(address) || arrived.has(address))
      if (acknowledged && found.includes(false)) this.#ledger.problem(`lost from the queue: ${recipients.join()}`)
      if (found.includes(true) && found.includes(false)) this.#ledger.problem(`queued by half: ${recipients.join()}`)
    }
    // Between a remote server's 250 and the note of it lies a death: then the same is sent once more, as SMTP has it.
    for (const [address, times] of arrived) {
      const between = deaths.between(times[0] ?? 0, times.at(-1) ?? 0)
      if (times.length > 1 + between)
        this.#ledger.problem(
          `${address} arrived ${times.length} times, with ${between} deaths from the first to the last`,
        )
    }
  }

  async #deliveries(user: string): Promise<void> {
    const [[, { messages }] = ['INBOX', { messages: new Map<number, Seen>() }]] = await this.#account(user, ['INBOX'])
    const times = new Map<string, number>()
    for (const { id } of messages.values()) times.set(id, (times.get(id) ?? 0) + 1)
    for (const [id, { recipients, acknowledged, removed }] of this.#ledger.deliveries) {
      const found = times.get(id) ?? 0
      const gone = removed.get(user)
      if (found > 1) this.#ledger.problem(`${id} is ${found} times in ${user}'s INBOX`)
      if (found > 0 && !recipients.includes(user))
        this.#ledger.problem(`${id} is in ${user}'s INBOX and not for ${user}`)
      if (found > 0 && gone === 'yes') this.#ledger.problem(`${id} was deleted from ${user}'s INBOX and is there`)
      if (found === 0 && gone === undefined && acknowledged && recipients.includes(user))
        this.#ledger.problem(`${id} was acknowledged and is not in ${user}'s INBOX`)
      // From now on it is known.
      if (gone === 'perhaps') {
        if (found > 0) removed.delete(user)
        else removed.set(user, 'yes')
      }
    }
    this.#found.set(user, times)
    if (messages.size > enough) await this.#empty(user, messages)
  }

  readonly #found = new Map<string, Map<string, number>>()

  /** One transaction for all recipients: each has it, or none. What was looked at for good is forgotten. */
  #wholeOrNot(): void {
    for (const [id, { recipients, acknowledged, removed }] of this.#ledger.deliveries) {
      const there = recipients.map(user => removed.has(user) || (this.#found.get(user)?.get(id) ?? 0) > 0)
      if (there.includes(true) && there.includes(false))
        this.#ledger.problem(`${id} is with some of ${recipients.join()} only`)
      if (!acknowledged && !there.includes(true)) this.#ledger.deliveries.delete(id)
      if (recipients.every(user => removed.get(user) === 'yes')) this.#ledger.deliveries.delete(id)
    }
  }

  async #empty(user: string, messages: Map<number, Seen>): Promise<void> {
    const client = await signIn(this.#scene, user)
    for (const command of ['SELECT INBOX', 'STORE 1:* +FLAGS.SILENT (\\Deleted)', 'EXPUNGE']) {
      client.send(`e ${command}\r\n`)
      const { line } = await client.completion('e')
      if (!line.startsWith('OK')) this.#ledger.problem(`${command} was answered ${line}`)
    }
    client.close()
    for (const { id } of messages.values()) this.#ledger.deliveries.get(id)?.removed.set(user, 'yes')
  }

  async #account<B extends Box>(user: string, names: readonly B[]): Promise<[B, Mailbox][]> {
    const client = await signIn(this.#scene, user)
    try {
      const found: [B, Mailbox][] = []
      for (const name of names) found.push([name, await this.#mailbox(client, user, name)])
      const size = found.reduce(
        (sum, [, { messages }]) => sum + [...messages.values()].reduce((bytes, seen) => bytes + seen.size, 0),
        0,
      )
      const used = Number(/STORAGE (\d+)/.exec((await ask(client, 'GETQUOTAROOT INBOX')).join(' '))?.[1])
      if (used !== Math.ceil(size / 1024))
        this.#ledger.problem(`the quota of ${user} counts ${used} KiB where there are ${size} octets`)
      return found
    } finally {
      client.close()
    }
  }

  async #mailbox(client: LineClient, user: string, name: Box): Promise<Mailbox> {
    const where = `${user}/${name}`
    const before = this.#before.get(where)
    const items = 'MESSAGES UNSEEN SIZE UIDNEXT UIDVALIDITY HIGHESTMODSEQ'
    const status = (await ask(client, `STATUS ${name} (${items})`)).join(' ')
    const told = (item: string): number => Number(new RegExp(`[( ]${item} (\\d+)`).exec(status)?.[1])
    await ask(client, `EXAMINE ${name}`)
    const messages = new Map<number, Seen>()
    for (const line of await ask(client, 'UID FETCH 1:* (FLAGS MODSEQ RFC822.SIZE)')) {
      const numbers = /UID (\d+)/.exec(line) && line
      if (!numbers) continue
      const uid = numberIn(line, 'UID ')
      const flags = (/FLAGS \(([^)]*)\)/.exec(line)?.[1] ?? '')
        .split(' ')
        .filter(flag => flag !== '' && flag !== '\\Recent')
      const id = before?.messages.get(uid)?.id ?? ''
      messages.set(uid, {
        uid,
        flags: flags.sort(),
        modseq: numberIn(line, 'MODSEQ \\('),
        size: numberIn(line, 'RFC822\\.SIZE '),
        id,
      })
    }
    for (const [uid, text] of await bodies(
      client,
      [...messages.keys()].filter(uid => !before?.messages.has(uid)),
    )) {
      const seen = messages.get(uid)
      if (!seen) continue
      seen.id = this.#ledger.idOf(text, `${where} ${uid}`)
      if (text.length !== seen.size) this.#ledger.problem(`${where} ${uid} has ${text.length} octets, not ${seen.size}`)
    }
    const mailbox = {
      uidValidity: told('UIDVALIDITY'),
      uidNext: told('UIDNEXT'),
      highestModseq: told('HIGHESTMODSEQ'),
      messages,
    }
    this.#compare(where, mailbox, before)
    const all = [...messages.values()]
    const counted = {
      MESSAGES: all.length,
      UNSEEN: all.filter(({ flags }) => !flags.includes('\\Seen')).length,
      SIZE: all.reduce((sum, { size }) => sum + size, 0),
    }
    for (const [item, count] of Object.entries(counted))
      if (told(item) !== count) this.#ledger.problem(`${where}: ${item} is ${told(item)} where there are ${count}`)
    this.#before.set(where, mailbox)
    return mailbox
  }

  #compare(
    where: string,
    { uidValidity, uidNext, highestModseq, messages }: Mailbox,
    before: Mailbox | undefined,
  ): void {
    const problem = (text: string): void => this.#ledger.problem(`${where}: ${text}`)
    for (const { uid, modseq } of messages.values()) {
      if (uid >= uidNext) problem(`${uid} is not below UIDNEXT ${uidNext}`)
      if (modseq > highestModseq) problem(`${uid} has MODSEQ ${modseq}, above HIGHESTMODSEQ ${highestModseq}`)
      const then = before?.messages.get(uid)
      if (then && modseq < then.modseq) problem(`the MODSEQ of ${uid} went back from ${then.modseq} to ${modseq}`)
      if (then && modseq === then.modseq && then.flags.join() !== messages.get(uid)?.flags.join())
        problem(`${uid} has other flags under the same MODSEQ ${modseq}`)
      if (before && !then && uid < before.uidNext) problem(`${uid} is used again: UIDNEXT was ${before.uidNext}`)
    }
    if (!before) return
    if (uidValidity !== before.uidValidity) problem(`UIDVALIDITY was ${before.uidValidity} and is ${uidValidity}`)
    if (uidNext < before.uidNext) problem(`UIDNEXT went back from ${before.uidNext} to ${uidNext}`)
    if (highestModseq < before.highestModseq)
      problem(`HIGHESTMODSEQ went back from ${before.highestModseq} to ${highestModseq}`)
  }
}

const numberIn = (line: string, before: string): number => Number(new RegExp(`${before}(\\d+)`).exec(line)?.[1])

async function ask(client: LineClient, command: string): Promise<string[]> {
  client.send(`q ${command}\r\n`)
  const { line, untagged } = await client.completion('q')
  if (!line.startsWith('OK')) throw new Error(`${command} was answered ${line}`)
  return untagged
}

async function bodies(client: LineClient, uids: readonly number[]): Promise<[number, string][]> {
  if (uids.length === 0) return []
  const found: [number, string][] = []
  client.send(`b UID FETCH ${uids.join(',')} (UID BODY.PEEK[])\r\n`)
  for (let line = await client.line(); ; line = await client.line()) {
    if (line.startsWith('b OK')) return found
    if (line.startsWith('b ')) throw new Error(`FETCH was answered ${line}`)
    const literal = /\{(\d+)\}$/.exec(line)
    if (!literal) continue
    found.push([numberIn(line, 'UID '), (await client.bytes(Number(literal[1]))).toString('latin1')])
    await client.line()
  }
}
