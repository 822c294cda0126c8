import type { PasskeyListed } from '../../../../src/api/second-factor.ts'
import { invalidate } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { texts } from './texts.ts'

export function RenamePasskey({ passkey, onClose }: { passkey: PasskeyListed; onClose(): void }) {
  const t = useTexts(texts)
  const form = useForm({
    initial: { label: passkey.label },
    check: ({ label }) => ({ label: label.trim() === '' ? t.nameMissing : undefined }),
    submit: async ({ label }) => {
      await api.patch(`/second-factor/passkeys/${encodeURIComponent(passkey.passkeyId)}`, { label: label.trim() })
      await invalidate('/second-factor')
      onClose()
      showToast({ text: t.passkeyRenamed })
    },
  })
  return (
    <Dialog open onClose={onClose} title={t.renamePasskey(passkey.label)}>
      <Form
        form={form}
        submit={t.save}
        actions={
          <Button kind="quiet" onClick={onClose}>
            {t.cancel}
          </Button>
        }
      >
        <TextField {...form.field('label')} label={t.passkeyName} hint={t.passkeyNameHint} maxLength={100} autoFocus />
      </Form>
    </Dialog>
  )
}
