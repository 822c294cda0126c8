/** What happens to messages, while the page is seen. */
import { useEffect, useRef, useState } from 'react'
import type { TraceAnswer } from '../../../../src/api/traces.ts'
import type { ApiProblem } from '../../shared/api/problem.ts'
import { follow } from './live.ts'

/** More than anyone reads: what is older is found by a search. */
const KEPT = 200

export interface Live {
  /** What was heard of last, first. */
  items: TraceAnswer[]
  problem: ApiProblem | null
  /** Until the service has said where to begin. */
  loading: boolean
  /** Whether some were left out, since too much happened at once. */
  skipped: boolean
}

export function useLive(paused: boolean): Live {
  const [state, setState] = useState<Live>({ items: [], problem: null, loading: true, skipped: false })
  const next = useRef<number | null>(null)
  const [visible, setVisible] = useState(document.visibilityState === 'visible')
  useEffect(() => {
    const changed = (): void => setVisible(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', changed)
    return () => document.removeEventListener('visibilitychange', changed)
  }, [])
  const runs = visible && !paused
  useEffect(() => {
    if (!runs) return
    const aborter = new AbortController()
    void follow({
      after: next.current,
      signal: aborter.signal,
      onPage(page) {
        next.current = page.next
        setState(({ items, skipped }) => ({
          items: withNews(items, page.items),
          problem: null,
          loading: false,
          skipped: skipped || page.skipped === true,
        }))
      },
      onProblem: problem => setState(before => ({ ...before, problem })),
    })
    return () => aborter.abort()
  }, [runs])
  return state
}

/** A message that something new happened to moves to the front. */
export function withNews<T extends { traceId: number }>(known: readonly T[], news: readonly T[]): T[] {
  const heard = new Set(news.map(({ traceId }) => traceId))
  return [...news.toReversed(), ...known.filter(({ traceId }) => !heard.has(traceId))].slice(0, KEPT)
}
