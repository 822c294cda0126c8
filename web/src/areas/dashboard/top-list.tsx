/** The mailboxes with the most of what is chosen. */
import { useState } from 'react'
import { useResource } from '../../shared/api/queries.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import type { Period } from '../../shared/traffic/traffic-plots.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import { texts } from './texts.ts'

const kinds = ['sent', 'received', 'refused', 'space'] as const
type By = (typeof kinds)[number]

export function TopList({ period }: { period: Period }) {
  const t = useTexts(texts)
  const f = useFormat()
  const [by, setBy] = useState<By>('sent')
  const top = useResource<{ items: { address: string; value: number }[] }>('/dashboard/top', { by, period })
  return (
    <Card
      title={t.top}
      description={t.topText}
      flush
      actions={
        <Select<By>
          name="by"
          label={<span className="visually-hidden">{t.top}</span>}
          value={by}
          onChange={setBy}
          options={kinds.map(value => ({ value, label: t.by[value] }))}
        />
      }
    >
      <Await resource={top}>
        {({ items }) => (
          <DataTable
            label={t.top}
            source={items}
            rowKey={row => row.address}
            href={row => `/mailboxes/${encodeURIComponent(row.address)}`}
            empty={<EmptyState title={t.nobody} />}
            columns={[
              { key: 'address', header: t.mailbox, cell: row => row.address },
              {
                key: 'value',
                header: t.by[by],
                align: 'end',
                cell: row => (by === 'space' ? f.size(row.value) : f.number(row.value)),
              },
            ]}
          />
        )}
      </Await>
    </Card>
  )
}
