/** Messages of the whole service as they come and go, for staff. */
import { Pause, Play, Radio } from 'lucide-react'
import { useState } from 'react'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { StatusDot } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { EmptyState, Loading } from '../../shared/ui/states.tsx'
import { texts } from './texts.ts'
import { TraceTable } from './trace-table.tsx'
import { useLive } from './use-live.ts'

export default function LivePage() {
  const t = useTexts(texts)
  const [paused, setPaused] = useState(false)
  const { items, problem, loading, skipped } = useLive(paused)
  return (
    <Page
      title={t.live}
      description={t.liveText}
      breadcrumbs={[{ label: t.allTitle, href: '/traces' }]}
      actions={
        <Button icon={paused ? Play : Pause} onClick={() => setPaused(!paused)}>
          {paused ? t.resume : t.pause}
        </Button>
      }
    >
      <p role="status">
        <StatusDot tone={paused ? 'neutral' : problem ? 'danger' : 'success'}>
          {paused ? t.paused : t.running}
        </StatusDot>
      </p>
      {problem && (
        <Alert kind="danger" live title={t.liveFailed}>
          {problem.message}
        </Alert>
      )}
      {skipped && <p className="muted">{t.liveSkipped}</p>}
      <Card flush>
        {loading && !problem && <Loading />}
        {!loading && items.length === 0 && (
          <EmptyState icon={Radio} title={t.liveEmpty}>
            {t.liveEmptyText}
          </EmptyState>
        )}
        {items.length > 0 && <TraceTable path="/traces" source={items} />}
      </Card>
    </Page>
  )
}
