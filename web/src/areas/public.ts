/** The pages that need no session, one line each. Each has 40 kB with all it loads: see test/structure/web-budgets.test.ts. */
import type { PublicRoute } from './area.ts'

export const publicRoutes: readonly PublicRoute[] = [
  // a page a line
  { path: '/forgotten', load: () => import('./link-holders/forgotten-page.tsx') },
  { path: '/reset', load: () => import('./link-holders/reset-page.tsx') },
  { path: '/link', load: () => import('./link-holders/link-page.tsx') },
  { path: '/confirm', load: () => import('./link-holders/confirm-page.tsx') },
  { path: '/welcome', load: () => import('./link-holders/welcome-page.tsx') },
  { path: '/trace', load: () => import('./traces/shared-page.tsx') },
  { path: '/device/:token', load: () => import('./devices/device-link-page.tsx') },
  { path: '/help', load: () => import('./help/help-page.tsx'), alsoInShell: true },
  // No article, and only whom the service knows may write to support.
  { path: '/help/contact', load: () => import('./sign-in/sign-in-page.tsx'), alsoInShell: true },
  { path: '/help/:slug', load: () => import('./help/article-page.tsx'), alsoInShell: true },
]
