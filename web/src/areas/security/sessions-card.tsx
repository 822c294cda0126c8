import { useState } from 'react'
import type { OpenSessionAnswer } from '../../../../src/api/sessions.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { programName } from './program-name.ts'
import { SessionsTable } from './tables.tsx'
import { texts } from './texts.ts'

export function SessionsCard() {
  const t = useTexts(texts)
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
          <SessionsTable
            rows={rows}
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
