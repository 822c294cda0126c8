/** The token of the page's address, behind "#", which no server sees but in the body of what is asked here. */
import { useCallback, useEffect, useState } from 'react'
import { type ApiProblem, asProblem } from '../../shared/api/problem.ts'
import { api } from '../../shared/api/session.ts'

export interface Link<T> {
  token: string
  /** What the service says of it; undefined until it has. */
  opened: T | undefined
  problem: ApiProblem | null
  retry(): void
}

/** Asks `path` once whether the token is good, which spends nothing. */
export function useLink<T>(path: string): Link<T> {
  const [token] = useState(() => location.hash.slice(1))
  const [state, setState] = useState<Pick<Link<T>, 'opened' | 'problem'>>({ opened: undefined, problem: null })
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again.
  useEffect(() => {
    setState({ opened: undefined, problem: null })
    post<T>(path, { token }).then(
      opened => setState({ opened, problem: null }),
      error => setState({ opened: undefined, problem: asProblem(error) }),
    )
  }, [path, token, attempt])
  const retry = useCallback(() => setAttempt(count => count + 1), [])
  return { token, ...state, retry }
}

/** Without a session: whoever is signed in on this browser is not asked for a password because of a link. */
export const post = <T>(path: string, body: object): Promise<T> => api.post<T>(path, body, { anonymous: true })

/** A token that was spent is of no use in the history. */
export function forgetToken(): void {
  history.replaceState(history.state, '', location.pathname)
}
