/** One answer of the API, asked again when what is asked for changes. The help is read before signing in too, without the cache of queries. */
import { useEffect, useState } from 'react'
import type { Query } from '../../shared/api/client.ts'
import { type ApiProblem, asProblem } from '../../shared/api/problem.ts'
import { api } from '../../shared/api/session.ts'

export interface Loaded<T> {
  /** Of the address asked for before, while the next one is on its way. */
  data: T | undefined
  problem: ApiProblem | null
  retry(): void
}

/** `path` null: nothing is asked. */
export function useLoaded<T>(path: string | null, query: Query): Loaded<T> {
  const [state, setState] = useState<{ data: T | undefined; problem: ApiProblem | null }>({
    data: undefined,
    problem: null,
  })
  const [attempt, setAttempt] = useState(0)
  const asked = JSON.stringify([path, query])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` says all of it, and each attempt asks again.
  useEffect(() => {
    if (path === null) {
      setState({ data: undefined, problem: null })
      return
    }
    const abort = new AbortController()
    api.get<T>(path, { query, signal: abort.signal, anonymous: true }).then(
      data => setState({ data, problem: null }),
      error => !abort.signal.aborted && setState({ data: undefined, problem: asProblem(error) }),
    )
    return () => abort.abort()
  }, [asked, attempt])
  return { ...state, retry: () => setAttempt(attempt + 1) }
}
