/** The pages that need no session, one line each. Whatever they import counts in the 40 kB of test/structure/web-budgets.test.ts. */
import type { PublicRoute } from './area.ts'

export const publicRoutes: readonly PublicRoute[] = [
  // a page a line: { path: '/forgotten', load: () => import('./recovery/forgotten-page.tsx') },
  { path: '/help', load: () => import('./help/help-page.tsx'), alsoInShell: true },
  { path: '/help/:slug', load: () => import('./help/article-page.tsx'), alsoInShell: true },
]
