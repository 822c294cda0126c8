/** Makes an app password and shows it once, or changes one. */
import { useState } from 'react'
import type { AppPasswordAnswer } from '../../../../src/api/app-passwords.ts'
import { invalidate } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CopyField } from '../../shared/ui/copy.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { type AppPasswordFields, AppPasswordForm } from './app-password-form.tsx'
import { texts } from './texts.ts'

interface Created {
  appPassword: AppPasswordAnswer
  secret: string
}

export function NewAppPassword({ onClose }: { onClose(): void }) {
  const t = useTexts(texts)
  const [created, setCreated] = useState<Created | null>(null)
  const create = async (fields: AppPasswordFields): Promise<void> => {
    setCreated(await api.post<Created>('/app-passwords', fields))
    await invalidate('/app-passwords')
  }
  return (
    <Dialog
      open
      onClose={onClose}
      size="medium"
      shownOnce={created !== null}
      title={created ? t.secretReady : t.createAppPassword}
      description={created ? t.secretText : undefined}
      footer={
        created && (
          <Button kind="primary" onClick={onClose}>
            {t.close}
          </Button>
        )
      }
    >
      {created ? (
        <div className="stack">
          <CopyField label={t.userName} value={created.appPassword.mailbox} />
          <CopyField label={t.secret} value={created.secret} />
        </div>
      ) : (
        <AppPasswordForm row={null} onCancel={onClose} onSave={create} />
      )}
    </Dialog>
  )
}

export function ChangeAppPassword({ row, onClose }: { row: AppPasswordAnswer; onClose(): void }) {
  const t = useTexts(texts)
  const save = async (fields: AppPasswordFields): Promise<void> => {
    await api.patch(`/app-passwords/${encodeURIComponent(row.appPasswordId)}`, fields)
    await invalidate('/app-passwords')
    onClose()
    showToast({ text: t.appPasswordChanged })
  }
  return (
    <Dialog open onClose={onClose} size="medium" title={t.changeAppPassword(row.label)} description={row.mailbox}>
      <AppPasswordForm row={row} onCancel={onClose} onSave={save} />
    </Dialog>
  )
}
