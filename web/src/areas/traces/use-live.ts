/** What happens to messages, asked for again and again while the page is seen. */
import { useEffect, useState } from 'react'
import type { TraceAnswer } from '../../../../src/api/traces.ts'
import { type ApiProblem, asProblem } from '../../shared/api/problem.ts'
import { api } from '../../shared/api/session.ts'

const EVERY_MS = 1_000
const AFTER_FAILURE_MS = 5_000
/** More than anyone reads: what is older is found by a search. */
const KEPT = 200

export interface Live {
  /** What was heard of last, first. */
  items: TraceAnswer[]
  problem: ApiProblem | null
  /** Until the service has said where to begin. */
  loading: boolean
}

interface State extends Live {
  next: number | null
}

export function useLive(paused: boolean): Live {
  const [state, setState] = useState<State>({ items: [], problem: null, loading: true, next: null })
  const [visible, setVisible] = useState(document.visibilityState === 'visible')
  useEffect(() => {
    const changed = (): void => setVisible(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', changed)
    return () => document.removeEventListener('visibilitychange', changed)
  }, [])
  const runs = visible && !paused
  // Each answer is a new state, and so asks for the next.
  useEffect(() => {
    if (!runs) return
    const wait = state.loading && !state.problem ? 0 : state.problem ? AFTER_FAILURE_MS : EVERY_MS
    const aborter = new AbortController()
    const timer = setTimeout(() => {
      api
        .get<{ items: TraceAnswer[]; next: number }>('/traces/live', {
          query: { after: state.next },
          signal: aborter.signal,
        })
        .then(
          ({ items, next }) => setState({ items: withNews(state.items, items), problem: null, loading: false, next }),
          error => {
            if (!aborter.signal.aborted) setState({ ...state, problem: asProblem(error) })
          },
        )
    }, wait)
    return () => {
      clearTimeout(timer)
      aborter.abort()
    }
  }, [runs, state])
  return state
}

/** A message that something new happened to moves to the front. */
export function withNews<T extends { traceId: number }>(known: readonly T[], news: readonly T[]): T[] {
  const heard = new Set(news.map(({ traceId }) => traceId))
  return [...news.toReversed(), ...known.filter(({ traceId }) => !heard.has(traceId))].slice(0, KEPT)
}
