/** The form and what it finds. What is looked for stands in the page's address. */
import { type ReactNode, useEffect, useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { TraceAnswer } from '../../../../src/api/traces.ts'
import { invalidate, usePages } from '../../shared/api/queries.ts'
import { useSession } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { cameBack } from '../../shared/visited.ts'
import { keepSearch } from './last-search.ts'
import { SearchForm } from './search-form.tsx'
import { texts } from './texts.ts'
import { TraceTable } from './trace-table.tsx'
import { queryOf, searchOf, type Wish, wishFrom } from './wish.ts'

/** When each search was made. Whoever comes back from a message finds what was read of it, and not the last 24 hours anew. */
const madeAt = new Map<string, number>()

function momentOf(search: string): number {
  const at = (cameBack() && madeAt.get(search)) || Date.now()
  madeAt.set(search, at)
  return at
}

/** `path`: of the resource, and of the page. */
export function SearchPage({
  path,
  description,
  actions,
}: {
  path: '/traces' | '/mailbox/traces'
  description: string
  actions?: ReactNode
}) {
  const t = useTexts(texts)
  const { principal } = useSession()
  const search = useSearch()
  const [, navigate] = useLocation()
  const zone = principal.timeZone ?? undefined
  const wish = useMemo(() => wishFrom(search), [search])
  // Not anew at each drawing: “the last 24 hours” are those before the search.
  const query = useMemo(() => queryOf(wish, momentOf(search), zone), [wish, search, zone])
  const source = usePages<TraceAnswer>(path, query)
  useEffect(() => keepSearch(path, search), [path, search])
  const own = path === '/mailbox/traces'
  const look = (wanted: Wish): void => {
    const next = searchOf(wanted)
    if (next === searchOf(wish)) void invalidate(path)
    else navigate(next === '' ? path : `${path}?${next}`)
  }
  return (
    <Page title={path === '/traces' ? t.allTitle : t.title} description={description} actions={actions}>
      <Card>
        <SearchForm key={search} own={own} wish={wish} onSearch={look} />
      </Card>
      <Card title={t.results} flush>
        <TraceTable path={path} source={source} subjects={own} />
      </Card>
    </Page>
  )
}
