/** Something that is done on a click: busy meanwhile, its problem afterwards. Not started twice at once. For pages that don't need the query cache. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { type ApiProblem, asProblem } from './problem.ts'

export interface Action<P extends unknown[], R> {
  /** Resolves to undefined when it failed (see `problem`) or was already running. */
  run(...parameters: P): Promise<R | undefined>
  busy: boolean
  problem: ApiProblem | null
  reset(): void
}

export function useAction<P extends unknown[], R>(work: (...parameters: P) => Promise<R>): Action<P, R> {
  const [state, setState] = useState<{ busy: boolean; problem: ApiProblem | null }>({ busy: false, problem: null })
  const latest = useRef(work)
  const running = useRef(false)
  const mounted = useRef(true)
  useEffect(() => {
    mounted.current = true
    return () => {
      mounted.current = false
    }
  }, [])
  latest.current = work

  const run = useCallback(async (...parameters: P): Promise<R | undefined> => {
    if (running.current) return undefined
    running.current = true
    setState({ busy: true, problem: null })
    let problem: ApiProblem | null = null
    try {
      return await latest.current(...parameters)
    } catch (error) {
      problem = asProblem(error)
      if (problem.code === 'unexpected') console.error(error)
      return undefined
    } finally {
      running.current = false
      if (mounted.current) setState({ busy: false, problem })
    }
  }, [])
  const reset = useCallback(() => setState({ busy: false, problem: null }), [])
  return { run, busy: state.busy, problem: state.problem, reset }
}
