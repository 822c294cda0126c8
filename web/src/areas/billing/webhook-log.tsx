/** What was sent to a webhook, the latest first. */
import { Send } from 'lucide-react'
import { useState } from 'react'
import type { WebhookDeliveryAnswer } from '../../../../src/api/webhooks.ts'
import { asProblem } from '../../shared/api/problem.ts'
import { invalidate, type Pages, usePages } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { StatusDot, type Tone } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import './billing.css'
import { webhookTexts } from './webhook-texts.ts'

const tones: Record<WebhookDeliveryAnswer['status'], Tone> = {
  waiting: 'warning',
  delivered: 'success',
  failed: 'danger',
}

export function DeliveryLog({ webhookId, isEnabled }: { webhookId: string; isEnabled: boolean }) {
  const t = useTexts(webhookTexts)
  const f = useFormat()
  const path = `/webhooks/${webhookId}/deliveries`
  const deliveries: Pages<WebhookDeliveryAnswer> = usePages(path)
  const [shown, setShown] = useState<WebhookDeliveryAnswer | null>(null)
  const again = async ({ eventId }: WebhookDeliveryAnswer): Promise<void> => {
    try {
      await api.post(`${path}/${eventId}/resend`)
      await invalidate(path)
      showToast({ text: t.againDone })
    } catch (error) {
      showToast({ kind: 'danger', text: asProblem(error).message })
    }
  }
  return (
    <>
      <DataTable
        label={t.log}
        source={deliveries}
        rowKey={row => row.eventId}
        rowName={row => row.event}
        empty={
          <EmptyState icon={Send} title={t.logNone}>
            {t.logNoneText}
          </EmptyState>
        }
        actions={row => [
          { label: t.show, onSelect: () => setShown(row) },
          { label: t.again, onSelect: () => void again(row), disabled: !isEnabled },
        ]}
        columns={[
          { key: 'event', header: t.event, cell: row => <code>{row.event}</code> },
          { key: 'date', header: t.date, narrow: true, cell: row => f.dateTime(row.createdAt) },
          {
            key: 'status',
            header: t.state,
            narrow: true,
            cell: row => <StatusDot tone={tones[row.status]}>{t.status[row.status]}</StatusDot>,
          },
          {
            key: 'answer',
            header: t.answer,
            cell: row => (
              <>
                {row.lastProblem ?? row.lastStatus ?? (row.attempts > 0 ? t.noAnswer : '–')}
                {row.status === 'waiting' && row.attempts > 0 && row.nextAttemptAt !== null && (
                  <div className="muted">{t.next(f.relative(row.nextAttemptAt))}</div>
                )}
              </>
            ),
          },
          { key: 'attempts', header: t.attempts, align: 'end', cell: row => f.number(row.attempts) },
        ]}
      />
      {shown && (
        <Dialog
          open
          size="medium"
          onClose={() => setShown(null)}
          title={t.payload}
          description={<code>{shown.eventId}</code>}
          footer={<Button onClick={() => setShown(null)}>{t.close}</Button>}
        >
          <pre className="billing-payload">{indented(shown.payload)}</pre>
        </Dialog>
      )}
    </>
  )
}

function indented(payload: string): string {
  return JSON.stringify(JSON.parse(payload), null, 2)
}
