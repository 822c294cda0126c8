/** What arrived elsewhere, and when something died: whether a message may have been sent a second time. */
import type { RemoteServer } from '../integration/fixtures/remote-smtp.ts'
import type { Ledger } from './ledger.ts'

/** What a process had sent before its end is read within this time of it. */
const lateMs = 1_000

/** Each a time in which a process, or what it stores in, came to its end. */
export class Deaths {
  readonly #spans: { from: number; to: number }[] = []

  async during<T>(fault: () => Promise<T>): Promise<T> {
    const span = { from: performance.now(), to: Number.POSITIVE_INFINITY }
    this.#spans.push(span)
    try {
      return await fault()
    } finally {
      span.to = performance.now() + lateMs
    }
  }

  between(from: number, to: number): number {
    return this.#spans.filter(span => span.from <= to && span.to >= from).length
  }
}

/** By recipient, the moments at which a message had been taken in whole. */
export class Arrivals {
  readonly times = new Map<string, number[]>()
  readonly #remote: RemoteServer

  constructor(remote: RemoteServer) {
    this.#remote = remote
    remote.script = {
      answer: (line, { transaction }) => {
        if (line === '.') for (const recipient of transaction.recipients) this.note(addressIn(recipient))
        return null
      },
    }
  }

  note(address: string): void {
    this.times.set(address, [...(this.times.get(address) ?? []), performance.now()])
  }

  /** Looks at the texts of what came since the last time, which are forgotten then. */
  read(ledger: Ledger): void {
    for (const { data } of this.#remote.messages.splice(0)) ledger.idOf(data, 'elsewhere')
  }
}

const addressIn = (recipient: string): string => /<([^>]*)>/.exec(recipient)?.[1] ?? ''
