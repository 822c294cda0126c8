/** Mailboxes whose mail waits for a look by the staff; nothing where there are none. */
import type { SendingHoldsAnswer } from '../../../../src/api/sending.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import { texts } from './texts.ts'

export function HeldCard() {
  const t = useTexts(texts)
  const f = useFormat()
  const { data } = useResource<SendingHoldsAnswer>('/sending/holds', {}, { refetchInterval: 60_000 })
  if (!data || data.items.length === 0) return null
  return (
    <Card title={t.held} description={t.heldText} flush>
      <DataTable
        label={t.held}
        source={data.items}
        rowKey={row => row.address}
        href={row => `/mailboxes/${encodeURIComponent(row.address)}/sending`}
        empty={<EmptyState title={t.nobodyNear} />}
        columns={[
          { key: 'address', header: t.mailbox, cell: row => row.address },
          { key: 'at', header: t.heldSince, cell: row => f.dateTime(row.at) },
          { key: 'reason', header: t.heldWhy, cell: row => t.heldReasons[row.reason] },
          { key: 'messages', header: t.heldMessages, align: 'end', cell: row => f.number(row.messages) },
        ]}
      />
    </Card>
  )
}
