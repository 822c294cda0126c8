/** The frame around every signed-in page. Loaded after sign-in, with the list of areas and the query cache. */
import { QueryClientProvider } from '@tanstack/react-query'
import { Menu as MenuIcon } from 'lucide-react'
import { lazy, Suspense, useLayoutEffect, useRef, useState } from 'react'
import { Link, Redirect, Route, Router, Switch, useLocation } from 'wouter'
import { areas } from '../areas/index.ts'
import { asProblem } from '../shared/api/problem.ts'
import { queryClient } from '../shared/api/queries.ts'
import { api, updatePrincipal, useSession } from '../shared/api/session.ts'
import { LanguageSwitch } from '../shared/brand/language-switch.tsx'
import { Logo } from '../shared/brand/logo.tsx'
import { ThemeSwitch } from '../shared/brand/theme-switch.tsx'
import { type Language, useLanguage } from '../shared/texts/language.ts'
import { useTexts } from '../shared/texts/texts.ts'
import { IconButton } from '../shared/ui/button.tsx'
import { markNavigated } from '../shared/ui/page.tsx'
import { RouteBoundary } from '../shared/ui/route-boundary.tsx'
import { Loading } from '../shared/ui/states.tsx'
import { showToast, Toasts } from '../shared/ui/toast.tsx'
import { cameBack, goBackIn } from '../shared/visited.ts'
import { AccountMenu } from './account-menu.tsx'
import { LeaveDialog, useGuardedLocation } from './leaving.tsx'
import { Drawer, entriesFor, Navigation } from './navigation.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { PasswordAgain } from './password-again.tsx'
import './shell.css'
import { texts } from './texts.ts'

const SecurityPage = lazy(() => import('../areas/security/security-page.tsx'))
const routes = areas.flatMap(area => area.routes).map(route => ({ ...route, Page: lazy(route.load) }))

/** In the account as well, so that mails and other devices follow. The page has changed already; if this fails, the next choice tells it again. */
function keepLanguage(language: Language): void {
  api.patch('/profile', { language }).then(
    () => updatePrincipal({ language }),
    error => showToast({ kind: 'danger', text: asProblem(error).message }),
  )
}

export default function Shell() {
  const t = useTexts(texts)
  const language = useLanguage()
  const { principal, mustSetUpSecondFactor } = useSession()
  const [path] = useLocation()
  const [drawer, setDrawer] = useState(false)
  const first = useRef(path)
  const content = useRef<HTMLElement>(null)
  // Whoever has no mailbox starts at the first page of what he manages.
  const firstPage = entriesFor(principal)[0]?.href

  // Before the page's own effects, which look at it.
  if (path !== first.current) markNavigated()

  // Behind the page's own effects, and before it is seen at the wrong place.
  useLayoutEffect(() => {
    if (path === first.current) return
    first.current = ''
    setDrawer(false)
    if (cameBack() && content.current) return goBackIn(content.current)
    scrollTo({ top: 0, behavior: 'instant' })
  }, [path])

  return (
    <QueryClientProvider client={queryClient}>
      <Router hook={useGuardedLocation}>
        <a className="skip-link" href="#content">
          {t.skip}
        </a>
        <header className="top-bar no-print">
          {!mustSetUpSecondFactor && (
            <IconButton
              icon={MenuIcon}
              label={t.openNavigation}
              className="drawer-button"
              onClick={() => setDrawer(true)}
            />
          )}
          <Link href="/" className="top-bar-brand">
            <Logo />
          </Link>
          <div className="top-bar-end">
            <div className="top-bar-switches">
              <LanguageSwitch {...(!mustSetUpSecondFactor && { onChange: keepLanguage })} />
              <ThemeSwitch />
            </div>
            <AccountMenu />
          </div>
        </header>
        <div className="shell">
          <aside className="side no-print">
            {!mustSetUpSecondFactor && <Navigation principal={principal} language={language} path={path} />}
          </aside>
          <main ref={content} id="content" tabIndex={-1} className="content">
            <RouteBoundary key={path}>
              <Suspense fallback={<Loading lines={4} />}>
                <Switch>
                  {/* The service refuses everything else until there is one. */}
                  {mustSetUpSecondFactor && (
                    <Route>
                      <SecurityPage />
                    </Route>
                  )}
                  {firstPage !== undefined && firstPage !== '/' && (
                    <Route path="/">
                      <Redirect to={firstPage} replace />
                    </Route>
                  )}
                  {routes
                    .filter(route => route.when?.(principal) ?? true)
                    .map(({ path: pattern, Page }) => (
                      <Route key={pattern} path={pattern}>
                        <Page />
                      </Route>
                    ))}
                  <Route>
                    <NotFoundPage />
                  </Route>
                </Switch>
              </Suspense>
            </RouteBoundary>
          </main>
        </div>
        <Drawer open={drawer} onClose={() => setDrawer(false)}>
          <Navigation principal={principal} language={language} path={path} />
          <div className="drawer-switches">
            <LanguageSwitch onChange={keepLanguage} />
            <ThemeSwitch />
          </div>
        </Drawer>
        <Toasts />
        <LeaveDialog />
        <PasswordAgain />
      </Router>
    </QueryClientProvider>
  )
}
