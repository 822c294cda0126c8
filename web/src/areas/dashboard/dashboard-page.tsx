/** The start page of staff and managers: how much there is, what came and went, and who stands out. */
import { Inbox } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { DashboardAnswer, SeriesAnswer } from '../../../../src/api/dashboard.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useSession } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { type Period, PeriodSelect, TrafficPlots } from '../../shared/traffic/traffic-plots.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { Meter } from '../../shared/ui/meter.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Plot } from '../../shared/ui/plot.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import './dashboard.css'
import { HeldCard } from './held-card.tsx'
import { NearestCard } from './nearest-card.tsx'
import { texts } from './texts.ts'
import { TopList } from './top-list.tsx'

export default function DashboardPage() {
  const t = useTexts(texts)
  const { principal } = useSession()
  const [period, setPeriod] = useState<Period>('week')
  const totals = useResource<DashboardAnswer>('/dashboard', {}, { refetchInterval: 60_000 })
  const isStaff = principal.role === 'staff'
  return (
    <Page title={t.title} description={isStaff ? t.ofService : t.ofDomains(principal.domains.length)}>
      <Await resource={totals}>
        {data =>
          data.mailboxes === 0 ? (
            <Card>
              <EmptyState icon={Inbox} title={t.nothing}>
                {t.nothingText}
              </EmptyState>
            </Card>
          ) : (
            <Tiles totals={data} />
          )
        }
      </Await>
      <HeldCard />
      <Card title={t.mail} actions={<PeriodSelect value={period} onChange={setPeriod} />}>
        <Plots period={period} />
      </Card>
      <div className="columns">
        <AlmostFull resource={totals} />
        <TopList period={period} />
      </div>
      <NearestCard />
    </Page>
  )
}

function Tiles({ totals }: { totals: DashboardAnswer }) {
  const t = useTexts(texts)
  const f = useFormat()
  const { domains, mailboxes, usedBytes, quotaBytes, unlimitedMailboxes, today, lastWeek, queueWaiting } = totals
  return (
    <div className="tiles dashboard-tiles">
      <Tile label={t.mailboxes} value={f.number(mailboxes)} note={t.inDomains(domains)} />
      <Tile
        label={t.space}
        value={f.size(usedBytes)}
        note={quotaBytes > 0 ? t.sold(f.size(quotaBytes)) : t.unlimited(unlimitedMailboxes)}
      />
      <Tile label={t.receivedToday} value={f.number(today.received)} note={t.lastWeek(f.number(lastWeek.received))} />
      <Tile label={t.sentToday} value={f.number(today.sent)} note={t.lastWeek(f.number(lastWeek.sent))} />
      {queueWaiting !== null && <Tile label={t.queue} value={f.number(queueWaiting)} note={t.queueText} />}
    </div>
  )
}

function Tile({ label, value, note }: { label: string; value: string; note: ReactNode }) {
  return (
    <div className="card figure-tile">
      <div className="card-body">
        <p className="muted">{label}</p>
        <p className="figure-value tabular">{value}</p>
        <small className="muted">{note}</small>
      </div>
    </div>
  )
}

function Plots({ period }: { period: Period }) {
  const t = useTexts(texts)
  const f = useFormat()
  const series = useResource<SeriesAnswer>('/dashboard/series', { period })
  return (
    <Await resource={series}>
      {({ step, traffic, space }) => (
        <div className="stack">
          <TrafficPlots step={step} traffic={traffic} />
          <Plot
            title={t.spaceTitle}
            times={space.map(({ day }) => Date.parse(`${day}T12:00:00Z`))}
            format={f.size}
            series={[
              { label: t.used, values: space.map(({ usedBytes }) => usedBytes) },
              { label: t.quota, values: space.map(({ quotaBytes }) => quotaBytes) },
            ]}
          />
        </div>
      )}
    </Await>
  )
}

function AlmostFull({ resource }: { resource: ReturnType<typeof useResource<DashboardAnswer>> }) {
  const t = useTexts(texts)
  return (
    <Card title={t.almostFull} description={t.almostFullText} flush>
      <Await resource={resource}>
        {({ almostFull }) => (
          <DataTable
            label={t.almostFull}
            source={almostFull}
            rowKey={row => row.address}
            href={row => `/mailboxes/${encodeURIComponent(row.address)}`}
            empty={<EmptyState title={t.nobodyFull} />}
            columns={[
              { key: 'address', header: t.mailbox, cell: row => row.address },
              {
                key: 'used',
                header: t.full,
                cell: row => <Meter compact label={row.address} used={row.usedBytes} total={row.quotaBytes} />,
              },
            ]}
          />
        )}
      </Await>
    </Card>
  )
}
