import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { AppPasswordAnswer } from '../../../../src/api/app-passwords.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { ChangeAppPassword, NewAppPassword } from './app-password-dialog.tsx'
import { AppPasswordsTable } from './tables.tsx'
import { texts } from './texts.ts'

export function AppPasswordsCard() {
  const t = useTexts(texts)
  const resource = useResource<AppPasswordAnswer[]>('/app-passwords')
  const [creating, setCreating] = useState(false)
  const [changing, setChanging] = useState<AppPasswordAnswer | null>(null)
  const [removing, setRemoving] = useState<AppPasswordAnswer | null>(null)
  return (
    <Card
      flush
      title={t.appPasswords}
      description={t.appPasswordsText}
      actions={
        <Button icon={Plus} onClick={() => setCreating(true)}>
          {t.createAppPassword}
        </Button>
      }
    >
      <Await resource={resource}>
        {rows => (
          <AppPasswordsTable
            rows={rows}
            actions={row => [
              { label: t.change, onSelect: () => setChanging(row) },
              { label: t.remove, danger: true, onSelect: () => setRemoving(row) },
            ]}
          />
        )}
      </Await>
      {creating && <NewAppPassword onClose={() => setCreating(false)} />}
      {changing && <ChangeAppPassword row={changing} onClose={() => setChanging(null)} />}
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={t.removeAppPasswordTitle(removing?.label ?? '')}
        confirm={t.remove}
        danger
        onConfirm={async () => {
          await api.delete(`/app-passwords/${removing?.appPasswordId}`)
          await invalidate('/app-passwords')
          showToast({ text: t.appPasswordRemoved })
        }}
      >
        {t.removeAppPasswordText}
      </ConfirmDialog>
    </Card>
  )
}
