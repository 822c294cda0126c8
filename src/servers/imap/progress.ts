/** Tells a client that waits how far its command is (INPROGRESS, RFC 9585). */
import type { Progress } from '../../mail/progress.ts'
import { steadyTime } from '../../ops/clock.ts'
import { untagged } from '../../wire/imap/status-response.ts'
import type { ImapContext } from './context.ts'
import { PROGRESS_MS } from './limits.ts'

export class ToldProgress implements Progress {
  readonly #context: Pick<ImapContext, 'output' | 'services'>
  readonly #tag: string
  #toldAt: number
  #phases = 0
  #goal: number | null = null
  #done = 0

  constructor(context: Pick<ImapContext, 'output' | 'services'>, tag: string) {
    this.#context = context
    this.#tag = tag
    this.#toldAt = steadyTime(context.services.clock)
  }

  /** Once there is a second phase, nobody knows whether it is the last. */
  begin(messages: number): void {
    this.#goal = this.#phases++ === 0 ? messages : null
  }

  add(messages: number): void {
    this.#done += messages
    const { output, services } = this.#context
    const now = steadyTime(services.clock)
    if (now - this.#toldAt < PROGRESS_MS) return
    this.#toldAt = now
    const code = { code: 'INPROGRESS', tag: this.#tag, done: this.#done, goal: this.#goal } as const
    output.text(untagged('OK', 'Still at it', code))
    output.flushSoon()
  }
}
