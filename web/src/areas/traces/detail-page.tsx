/** One message, as whoever is signed in may see it. */
import { useParams } from 'wouter'
import type { TraceDetailAnswer } from '../../../../src/api/traces.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useSession } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { isStaff } from '../area.ts'
import { QueueCard } from './queue-card.tsx'
import { ShareButton } from './share-button.tsx'
import { texts } from './texts.ts'
import { recipientsText } from './trace-table.tsx'
import { Facts, Outcomes, Steps } from './trace-view.tsx'
import { viewTexts } from './view-texts.ts'

export function DetailPage({ path }: { path: '/traces' | '/mailbox/traces' }) {
  const t = useTexts(texts)
  const words = useTexts(viewTexts)
  const f = useFormat()
  const { principal } = useSession()
  const { traceId = '' } = useParams<{ traceId: string }>()
  const resource = `${path}/${encodeURIComponent(traceId)}`
  const trace = useResource<TraceDetailAnswer>(resource)
  const found = trace.data
  return (
    <Page
      title={found ? t.traceTitle(recipientsText(found, t)) : words.message}
      description={found && t.of(found.from || t.report, f.dateTime(found.at))}
      breadcrumbs={[{ label: path === '/traces' ? t.allTitle : t.title, href: path }]}
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
