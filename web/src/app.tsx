/** Who is there? decides what is loaded: a page without session, the sign-in page, or the shell with the panel's areas. */
import { lazy, Suspense, useEffect, useState } from 'react'
import { Route, Switch } from 'wouter'
import type { PublicRoute } from './areas/area.ts'
import { publicRoutes } from './areas/public.ts'
import { type ApiProblem, asProblem } from './shared/api/problem.ts'
import { loadService } from './shared/api/service.ts'
import { loadSession, useSessionState } from './shared/api/session.ts'
import { RouteBoundary } from './shared/ui/route-boundary.tsx'
import { ErrorState } from './shared/ui/states.tsx'

const Shell = lazy(() => import('./shell/shell.tsx'))
const SignInPage = lazy(() => import('./areas/sign-in/sign-in-page.tsx'))
const pages = publicRoutes.map((route: PublicRoute) => ({ ...route, Page: lazy(route.load) }))

export function App() {
  const state = useSessionState()
  const [ready, setReady] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again.
  useEffect(() => {
    setProblem(null)
    Promise.all([loadService(), loadSession()]).then(
      () => setReady(true),
      error => setProblem(asProblem(error)),
    )
  }, [attempt])

  if (problem)
    return (
      <main>
        <ErrorState heading problem={problem} retry={() => setAttempt(attempt + 1)} />
      </main>
    )
  if (!ready) return null
  return (
    <RouteBoundary>
      <Suspense fallback={null}>
        <Switch>
          {pages
            .filter(page => !(page.alsoInShell && state.status === 'signed-in'))
            .map(({ path, Page }) => (
              <Route key={path} path={path}>
                <Page />
              </Route>
            ))}
          <Route>{state.status === 'signed-in' ? <Shell /> : <SignInPage />}</Route>
        </Switch>
      </Suspense>
    </RouteBoundary>
  )
}
