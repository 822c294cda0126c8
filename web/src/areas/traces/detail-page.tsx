/** One message, as whoever is signed in may see it. */
import { MailSearch } from 'lucide-react'
import { Redirect, useParams } from 'wouter'
import type { TraceAnswer, TraceDetailAnswer } from '../../../../src/api/traces.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useSession } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import { isStaff } from '../area.ts'
import { pathOfSearch } from './last-search.ts'
import { QueueCard } from './queue-card.tsx'
import { ShareButton } from './share-button.tsx'
import { texts } from './texts.ts'
import { recipientsText } from './trace-table.tsx'
import { Facts, Outcomes, Steps } from './trace-view.tsx'
import { viewTexts } from './view-texts.ts'

type Path = '/traces' | '/mailbox/traces'

export function DetailPage({ path }: { path: Path }) {
  const { traceId = '' } = useParams<{ traceId: string }>()
  return /^\d+$/.test(traceId) ? <Detail path={path} traceId={traceId} /> : <ById path={path} id={traceId} />
}

/** As a bounce's link names it: by the id told in the answer to the message. */
function ById({ path, id }: { path: Path; id: string }) {
  const t = useTexts(texts)
  const words = useTexts(viewTexts)
  const found = useResource<{ items: TraceAnswer[] }>(path, { id, limit: 1 })
  return (
    <Page title={words.message} breadcrumbs={[{ label: path === '/traces' ? t.allTitle : t.title, href: path }]}>
      <Await resource={found}>
        {({ items: [first] }) =>
          first ? (
            <Redirect to={`${path}/${first.traceId}`} replace />
          ) : (
            <EmptyState icon={MailSearch} title={t.none}>
              {t.forgotten}
            </EmptyState>
          )
        }
      </Await>
    </Page>
  )
}

function Detail({ path, traceId }: { path: Path; traceId: string }) {
  const t = useTexts(texts)
  const words = useTexts(viewTexts)
  const f = useFormat()
  const { principal } = useSession()
  const resource = `${path}/${traceId}`
  const trace = useResource<TraceDetailAnswer>(resource)
  const found = trace.data
  return (
    <Page
      title={found ? t.traceTitle(recipientsText(found, t)) : words.message}
      description={found && t.of(found.from || t.report, f.dateTime(found.at))}
      breadcrumbs={[{ label: path === '/traces' ? t.allTitle : t.title, href: pathOfSearch(path) }]}
      actions={found && <ShareButton path={resource} />}
    >
      <Await resource={trace}>
        {data => (
          <>
            <Card title={words.outcome}>
              <Outcomes trace={data} />
            </Card>
            {path === '/traces' && isStaff(principal) && data.queue.length > 0 && (
              <QueueCard path={resource} trace={data} />
            )}
            <Card title={words.steps} description={words.stepsText}>
              <Steps steps={data.steps} single={data.recipientCount === 1} />
            </Card>
            <Card title={words.message}>
              <Facts trace={data} />
            </Card>
          </>
        )}
      </Await>
    </Page>
  )
}
