/** Which routes the screens show: a page that nobody photographs is a page that nobody looks at. */
import { areas } from '../src/areas/index.ts'
import { publicRoutes } from '../src/areas/public.ts'
import type { Sample, Samples } from './sample-service.ts'
import { type sessionOf, type Visitor, visitors } from './samples.ts'
import type { Screen } from './screens.ts'

interface Known {
  path: string
  inShell: boolean
}

function matches(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern, path].map(text => text.split('/'))
  return (
    wanted?.length === given?.length && wanted?.every((part, i) => part.startsWith(':') || part === given?.[i]) === true
  )
}

/** The routes the application tries for `visitor`, in its order. */
function routesOf(visitor: Visitor): Known[] {
  const outside = publicRoutes
    .filter(route => visitor === 'nobody' || !route.alsoInShell)
    .map(({ path }) => ({ path, inShell: false }))
  if (visitor === 'nobody') return [...outside, { path: '/', inShell: false }]
  const { principal } = visitors[visitor]['GET /session'].body as ReturnType<typeof sessionOf>
  const inside = areas.flatMap(area => area.routes).filter(route => route.when?.(principal) ?? true)
  return [...outside, ...inside.map(({ path }) => ({ path, inShell: true }))]
}

const keyOf = ({ path, inShell }: Known): string => `${path} ${inShell ? 'signed in' : 'without session'}`

/** The route a screen opens, as `PATTERN signed in` or `PATTERN without session`; null for what is none. */
export function routeOf({ path, visitor }: Screen): string | null {
  const pathname = path.replace(/[?#].*/, '')
  const found = routesOf(visitor).find(route => matches(route.path, pathname))
  return found ? keyOf(found) : null
}

/** Every route that no screen opens. */
export function notShown(screens: readonly Screen[]): string[] {
  const all = (Object.keys(visitors) as Visitor[]).flatMap(routesOf).map(keyOf)
  const shown = new Set(screens.map(routeOf))
  return [...new Set(all)].filter(key => !shown.has(key))
}

const failure: Sample = {
  status: 500,
  body: {
    status: 500,
    code: 'internal',
    title: 'Une erreur est survenue chez nous.',
    detail: 'Réessayez dans un instant.',
  },
}

/**
 * Each route once more while it waits, and once when the service fails, made from its first screen. Pages that ask for nothing of their own have neither.
 */
export function whileWaitingAndFailing(screens: readonly Screen[]): Screen[] {
  const seen = new Set<string>()
  return screens.flatMap(screen => {
    const route = routeOf(screen)
    // Without /service there is no page at all: a screen of its own shows that.
    const asked = Object.keys(screen.samples ?? {}).filter(key => key.startsWith('GET ') && key !== 'GET /service')
    if (route === null || seen.has(route) || asked.length === 0) return []
    seen.add(route)
    const all = (sample: Sample): Samples => Object.fromEntries(asked.map(key => [key, sample]))
    const { name, visitor, path } = screen
    return [
      { name: `${name}-waits`, visitor, path, samples: all({ hangs: true }), looks: ['desktop-light'] },
      { name: `${name}-fails`, visitor, path, samples: all(failure), looks: ['phone-dark'] },
    ]
  })
}
