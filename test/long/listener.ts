/**
 * A client that listens in IDLE and believes what it is told: it knows a mailbox by the notices alone, message by message, until
 * it asks and compares.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ImapFlow } from 'imapflow'
import { overAndOver, withClient } from './imapflow.ts'
import type { Scene } from './scene.ts'

interface Known {
  /** Null: come while it listened, announced by its number alone. */
  uid: number | null
  /** Null: not told yet. */
  flags: string | null
}

const listenMs = 60_000

export class Listener {
  readonly #client: ImapFlow
  readonly #scene: Scene
  #known: Known[] = []
  #idle: Promise<unknown> = Promise.resolve()
  notices = 0

  private constructor(scene: Scene, client: ImapFlow) {
    this.#scene = scene
    this.#client = client
  }

  /** Reads the selected mailbox once, and listens from then on. */
  static async on(scene: Scene, client: ImapFlow): Promise<Listener> {
    const listener = new Listener(scene, client)
    const known = listener.#known
    client.on('exists', ({ count, prevCount }) => {
      listener.notices++
      if (count < prevCount) scene.record.problem(`IDLE told ${count} EXISTS after ${prevCount}`)
      while (known.length < count) known.push({ uid: null, flags: null })
    })
    client.on('expunge', ({ seq }) => {
      listener.notices++
      if (seq !== undefined) known.splice(seq - 1, 1)
    })
    client.on('flags', ({ seq, flags }) => {
      listener.notices++
      const message = known[seq - 1]
      if (message) message.flags = shown(flags)
      else scene.record.problem(`IDLE told flags of message ${seq} of ${known.length}`)
    })
    const there = client.mailbox ? client.mailbox.exists : 0
    while (known.length < there) known.push({ uid: null, flags: null })
    for await (const { seq, uid, flags } of client.fetch('1:*', { uid: true, flags: true })) {
      const message = known[seq - 1]
      if (message) Object.assign(message, { uid, flags: shown(flags) })
    }
    listener.#listen()
    return listener
  }

  /** What it was told against what is there. `isQuiet`: nobody changes anything, so flags must be the same as well. */
  async compare({ isQuiet }: { isQuiet: boolean }): Promise<void> {
    const told = this.#known.map(message => ({ ...message }))
    await this.#client.noop()
    if (isQuiet && this.#known.length !== told.length)
      this.#problem(`${told.length} messages, and there are ${this.#known.length}`)
    const asked = [...this.#known]
    const found = new Set<number>()
    // Others' changes come in between: one message twice, one that is gone not at all.
    for await (const { seq, uid, flags } of this.#client.fetch('1:*', { uid: true, flags: true })) {
      found.add(seq)
      const known = isQuiet ? told[seq - 1] : asked[seq - 1]
      if (seq > this.#known.length) this.#problem(`${this.#known.length} messages, and there is one at ${seq}`)
      if (!known) continue
      if (known.uid !== null && known.uid !== uid) this.#problem(`UID ${known.uid} at ${seq}, and it is ${uid}`)
      if (isQuiet && known.flags !== null && known.flags !== shown(flags))
        this.#problem(`${uid} ${known.flags}, and it is ${shown(flags)}`)
    }
    // Who was gone is told so now at the latest.
    await this.#client.noop()
    for (const [index, message] of asked.entries())
      if (!found.has(index + 1) && this.#known.includes(message)) this.#problem(`${index + 1}, which is not there`)
    this.#listen()
  }

  /** It ends with the next command, or with the connection. */
  #listen(): void {
    this.#idle = this.#client.idle().catch(() => {})
  }

  async end(): Promise<void> {
    this.#client.close()
    await this.#idle
  }

  #problem(text: string): void {
    this.#scene.record.problem(`IDLE told ${text}`)
  }
}

export function listenOn(scene: Scene): Promise<void> {
  return overAndOver(scene, async client => {
    const lock = await client.getMailboxLock('INBOX')
    const listener = await Listener.on(scene, client)
    try {
      const until = performance.now() + listenMs
      while (performance.now() < until && !scene.isOver && client.usable) await sleep(500)
      if (!client.usable) return
      await listener.compare({ isQuiet: false })
      scene.record.count('times what IDLE told was what is there')
    } finally {
      scene.record.count('told by IDLE', listener.notices)
      lock.release()
      await listener.end()
    }
  })
}

/** Listens while `work` is done by others; what it was told must be all there is afterwards, flags as well. */
export async function listenDuring(scene: Scene, work: () => Promise<void>): Promise<void> {
  await withClient(scene, async client => {
    const lock = await client.getMailboxLock('INBOX')
    const listener = await Listener.on(scene, client)
    try {
      await work()
      // Notices of the last change may be under way still.
      await sleep(2_000)
      const { notices } = listener
      await listener.compare({ isQuiet: true })
      scene.record.count('told by IDLE in the end', notices)
    } finally {
      lock.release()
      await listener.end()
    }
  })
}

/** \Recent is each session's own. */
const shown = (flags: Iterable<string> = []): string =>
  [...flags]
    .filter(flag => flag !== '\\Recent')
    .sort()
    .join(' ')
