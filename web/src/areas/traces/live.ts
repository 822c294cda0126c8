/**
 * What happens to messages, as the service tells it: a stream of server-sent events. Where none comes through, as behind a
 * proxy that keeps what it gets until it is whole, it is asked again and again.
 */
import type { FeedAnswer, LiveAnswer } from '../../../../src/api/traces.ts'
import { type ApiProblem, asProblem } from '../../shared/api/problem.ts'
import { api } from '../../shared/api/session.ts'

const ASKED_EVERY_MS = 1_000
const AFTER_FAILURE_MS = 5_000
/** The first event says where to begin, and comes at once. */
const FIRST_EVENT_MS = 5_000
/** The service sends something every fifteen seconds. */
const SILENCE_MS = 40_000
/** So long without a stream, before another is tried. */
const STREAM_AGAIN_MS = 60_000

export interface Following {
  /** null: from now on. */
  after: number | null
  signal: AbortSignal
  onPage(page: LiveAnswer & { skipped?: boolean }): void
  onProblem(problem: ApiProblem): void
}

/** Until the signal. */
export async function follow({ after, signal, onPage, onProblem }: Following): Promise<void> {
  let next = after
  let streamsFrom = 0
  const take = (page: LiveAnswer): void => {
    next = page.next
    onPage(page)
  }
  while (!signal.aborted) {
    if (Date.now() >= streamsFrom) {
      const heard = await listen(next, signal, take)
      if (signal.aborted) return
      if (heard) await pause(ASKED_EVERY_MS, signal)
      else streamsFrom = Date.now() + STREAM_AGAIN_MS
      continue
    }
    try {
      take(await api.get<LiveAnswer>('/traces/live', { query: { after: next }, signal }))
      await pause(ASKED_EVERY_MS, signal)
    } catch (error) {
      if (signal.aborted) return
      onProblem(asProblem(error))
      await pause(AFTER_FAILURE_MS, signal)
    }
  }
}

/** One stream, until it ends in whichever way; whether an event came. */
async function listen(after: number | null, outer: AbortSignal, take: (page: FeedAnswer) => void): Promise<boolean> {
  const own = new AbortController()
  const signal = AbortSignal.any([outer, own.signal])
  const silent = (): void => own.abort()
  let heard = false
  let timer = setTimeout(silent, FIRST_EVENT_MS)
  try {
    const response = await api.open('/traces/live/stream', { query: { after }, signal })
    if (!response.headers.get('Content-Type')?.startsWith('text/event-stream') || !response.body) return false
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (let text = ''; ; ) {
      const { done, value } = await reader.read()
      if (done) return heard
      const { events, rest } = eventsIn(text + value)
      text = rest
      for (const event of events) {
        heard = true
        take(JSON.parse(event) as FeedAnswer)
      }
      if (!heard) continue
      clearTimeout(timer)
      timer = setTimeout(silent, SILENCE_MS)
    }
  } catch {
    return heard
  } finally {
    clearTimeout(timer)
    own.abort()
  }
}

/** The data of whole events (WHATWG HTML §9.2.6), and what has come of the next one. */
export function eventsIn(text: string): { events: string[]; rest: string } {
  const blocks = text.split('\n\n')
  const rest = blocks.pop() ?? ''
  const events = blocks.map(block =>
    block
      .split('\n')
      .filter(line => line.startsWith('data:'))
      .map(line => line.slice(line[5] === ' ' ? 6 : 5))
      .join('\n'),
  )
  return { events: events.filter(event => event !== ''), rest }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
