/** The mailboxes nearest their limits of sending, of the service or of one's own domains. */
import { useResource } from '../../shared/api/queries.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Badge } from '../../shared/ui/badge.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { Meter } from '../../shared/ui/meter.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import { texts } from './texts.ts'

interface Nearest {
  address: string
  used: number
  limit: number
  blockedUntil: number | null
}

export function NearestCard() {
  const t = useTexts(texts)
  const f = useFormat()
  const nearest = useResource<{ items: Nearest[] }>('/sending/nearest', { limit: 5 }, { refetchInterval: 60_000 })
  return (
    <Card title={t.nearest} description={t.nearestText} flush>
      <Await resource={nearest}>
        {({ items }) => (
          <DataTable
            label={t.nearest}
            source={items}
            rowKey={row => row.address}
            href={row => `/mailboxes/${encodeURIComponent(row.address)}/sending`}
            empty={<EmptyState title={t.nobodyNear} />}
            columns={[
              { key: 'address', header: t.mailbox, cell: row => row.address },
              {
                key: 'used',
                header: t.sentInHour,
                cell: row =>
                  row.blockedUntil === null ? (
                    <Meter compact label={row.address} used={row.used} total={row.limit} format={f.number} />
                  ) : (
                    <Badge tone="danger">{t.blockedUntil(f.time(row.blockedUntil))}</Badge>
                  ),
              },
            ]}
          />
        )}
      </Await>
    </Card>
  )
}
