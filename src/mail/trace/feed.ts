/** What happens to messages, as it happens, for staff who look on: asked of the store by turns, so that it knows of every process. */
import type { Actor } from '../../accounts/actor.ts'
import type { Language } from '../../store/types/principals.ts'
import { FEED_BEHIND, FEED_EVERY_MS } from './limits.ts'
import type { Traces } from './traces.ts'
import type { TraceView } from './view.ts'

export interface FeedPage {
  items: TraceView[]
  next: number
  /** Whether more happened before it than anyone could follow, which is left out. */
  skipped: boolean
}

export class TraceFeed {
  readonly #traces: Pick<Traces, 'tail'>
  readonly #pause: (ms: number, signal: AbortSignal) => Promise<void>

  constructor(traces: Pick<Traces, 'tail'>, pause: (ms: number, signal: AbortSignal) => Promise<void>) {
    this.#traces = traces
    this.#pause = pause
  }

  /** Begins behind `after`, or now; the first page says where. null: nothing new in a turn. Who is slow to take a page gets the next one later. */
  async *follow(
    actor: Actor,
    { after, language }: { after: number | null; language: Language },
    signal: AbortSignal,
  ): AsyncGenerator<FeedPage | null> {
    const begun = await this.#traces.tail(actor, after, language)
    let { next } = begun
    yield { ...begun, skipped: false }
    while (!signal.aborted) {
      await this.#pause(FEED_EVERY_MS, signal)
      if (signal.aborted) return
      const end = (await this.#traces.tail(actor, null, language)).next
      if (end === next) {
        yield null
        continue
      }
      const skipped = end - next > FEED_BEHIND
      const page = await this.#traces.tail(actor, skipped ? end - FEED_BEHIND : next, language)
      next = page.next
      yield page.items.length > 0 || skipped ? { ...page, skipped } : null
    }
  }
}
