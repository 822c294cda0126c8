import { useState } from 'react'
import type { OpenSessionAnswer } from '../../../../src/api/sessions.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Badge } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { programName } from './program-name.ts'
import { texts } from './texts.ts'

export function SessionsCard() {
  const t = useTexts(texts)
  const f = useFormat()
  const resource = useResource<OpenSessionAnswer[]>('/sessions')
  const [ending, setEnding] = useState<OpenSessionAnswer | 'others' | null>(null)
  const name = ({ userAgent }: OpenSessionAnswer): string => programName(userAgent) ?? t.unknown
  const others = resource.data !== undefined && resource.data.length > 1
  return (
    <Card
      flush
      title={t.sessions}
      actions={others && <Button onClick={() => setEnding('others')}>{t.endOthers}</Button>}
    >
      <Await resource={resource}>
        {rows => (
          <DataTable
            label={t.sessions}
            source={rows}
            rowKey={({ sessionId }) => sessionId}
            rowName={name}
            columns={[
              {
                key: 'browser',
                header: t.browser,
                cell: session => (
                  <>
                    {name(session)} {session.isThisOne && <Badge tone="info">{t.thisOne}</Badge>}
                  </>
                ),
              },
              { key: 'from', header: t.from, cell: ({ remoteAddress }) => remoteAddress },
              { key: 'opened', header: t.opened, wideOnly: true, cell: ({ createdAt }) => f.dateTime(createdAt) },
              { key: 'seen', header: t.lastSeen, cell: ({ lastSeenAt }) => f.relative(lastSeenAt) },
            ]}
            actions={session =>
              session.isThisOne ? [] : [{ label: t.endSession, danger: true, onSelect: () => setEnding(session) }]
            }
          />
        )}
      </Await>
      <ConfirmDialog
        open={ending !== null}
        onClose={() => setEnding(null)}
        title={ending === 'others' || ending === null ? t.endOthersTitle : t.endSessionTitle(name(ending))}
        confirm={ending === 'others' ? t.endOthers : t.endSession}
        danger
        onConfirm={async () => {
          await api.delete(ending === 'others' || ending === null ? '/sessions' : `/sessions/${ending.sessionId}`)
          await invalidate('/sessions')
          showToast({ text: ending === 'others' ? t.sessionsEnded : t.sessionEnded })
        }}
      >
        {t.endOthersText}
      </ConfirmDialog>
    </Card>
  )
}
