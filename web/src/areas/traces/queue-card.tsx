/** What waits of a message, for staff: try now, hold, put back, take out, read it. Each is asked about first. */
import { FileDown } from 'lucide-react'
import { useState } from 'react'
import type { TraceDetailAnswer } from '../../../../src/api/traces.ts'
import { invalidate } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { StatusDot, type Tone } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import type { MenuItem } from '../../shared/ui/menu.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { texts } from './texts.ts'

type Queued = TraceDetailAnswer['queue'][number]
type Action = 'retry' | 'hold' | 'release' | 'drop'

const actions: readonly Action[] = ['retry', 'hold', 'release', 'drop']
/** As the service has it: what else would be refused. */
const possible: Record<Action, Queued['status'][]> = {
  retry: ['queued', 'held'],
  hold: ['queued'],
  release: ['held'],
  drop: ['queued', 'held'],
}
const tones: Record<Queued['status'], Tone> = {
  queued: 'info',
  held: 'warning',
  delivered: 'success',
  failed: 'danger',
  expired: 'danger',
  removed: 'neutral',
}
const isPossible = (action: Action, { status }: Queued): boolean => possible[action].includes(status)

export function QueueCard({ path, trace }: { path: string; trace: TraceDetailAnswer }) {
  const t = useTexts(texts)
  const f = useFormat()
  const [asked, setAsked] = useState<{ action: Action; recipient: Queued | null } | null>(null)
  const [reading, setReading] = useState(false)
  const { queue } = trace
  const waits = queue.some(each => isPossible('drop', each))
  const menuOf = (recipient: Queued): MenuItem[] =>
    actions
      .filter(action => isPossible(action, recipient))
      .map(action => ({
        label: t.actions[action].verb,
        danger: action === 'drop',
        onSelect: () => setAsked({ action, recipient }),
      }))
  return (
    <Card
      title={t.queue}
      description={t.queueText}
      flush
      footer={
        waits && (
          <div className="row">
            {queue.length > 1 && <span className="muted">{t.all}</span>}
            {actions
              .filter(action => queue.some(each => isPossible(action, each)))
              .map(action => (
                <Button
                  key={action}
                  small
                  kind={action === 'drop' ? 'danger-quiet' : 'secondary'}
                  onClick={() => setAsked({ action, recipient: null })}
                >
                  {t.actions[action].verb}
                </Button>
              ))}
            <Button small kind="quiet" icon={FileDown} onClick={() => setReading(true)}>
              {t.source}
            </Button>
          </div>
        )
      }
    >
      <DataTable
        label={t.queue}
        source={queue}
        rowKey={({ queueId, recipientId }) => `${queueId}.${recipientId}`}
        rowName={({ address }) => address}
        // With one recipient the buttons below say it all.
        {...(queue.length > 1 && { actions: menuOf })}
        columns={[
          { key: 'address', header: t.recipient, cell: ({ address }) => address },
          {
            key: 'state',
            header: t.state,
            cell: ({ status }) => <StatusDot tone={tones[status]}>{t.queueStates[status]}</StatusDot>,
          },
          { key: 'attempts', header: t.attempts, align: 'end', cell: ({ attempts }) => f.number(attempts) },
          {
            key: 'next',
            header: t.nextAttempt,
            cell: ({ status, nextAttemptAt }) => (status === 'queued' ? f.dateTime(nextAttemptAt) : ''),
          },
        ]}
      />
      {asked && (
        <ConfirmDialog
          open
          onClose={() => setAsked(null)}
          title={t.actions[asked.action].title(whom(asked.recipient, queue, t.allOfThem))}
          confirm={t.actions[asked.action].verb}
          danger={asked.action === 'drop'}
          onConfirm={async () => {
            const body = { action: asked.action, recipientId: asked.recipient?.recipientId ?? null }
            const { recipients } = await api.post<{ recipients: number }>(`${path}/queue`, body)
            showToast({ text: t.done(recipients) })
            await invalidate('/traces')
          }}
        >
          {t.actions[asked.action].text}
        </ConfirmDialog>
      )}
      <ConfirmDialog
        open={reading}
        onClose={() => setReading(false)}
        title={t.sourceTitle}
        confirm={t.sourceGet}
        onConfirm={async () => saveAs(await api.file(`${path}/source`), `${trace.id || trace.traceId}.eml`)}
      >
        {t.sourceText}
      </ConfirmDialog>
    </Card>
  )
}

const whom = (recipient: Queued | null, queue: Queued[], all: string): string =>
  recipient?.address ?? (queue.length === 1 ? queue[0]?.address : undefined) ?? all

function saveAs(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
