/** What came to the mailbox and went from it. */
import { useState } from 'react'
import type { OwnTrafficAnswer } from '../../../../src/api/dashboard.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { type Period, PeriodSelect, TrafficPlots } from '../../shared/traffic/traffic-plots.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Await, Skeleton } from '../../shared/ui/states.tsx'
import { texts } from './texts.ts'

export function TrafficCard() {
  const t = useTexts(texts)
  const [period, setPeriod] = useState<Period>('week')
  const traffic = useResource<OwnTrafficAnswer>('/mailbox/traffic', { period })
  return (
    <Card title={t.traffic} actions={<PeriodSelect value={period} onChange={setPeriod} />}>
      <div className="stack">
        <Await resource={traffic} loading={<Skeleton height="22rem" />}>
          {found => <TrafficPlots {...found} />}
        </Await>
      </div>
    </Card>
  )
}
