import { useState } from 'react'
import { invalidate } from '../../shared/api/queries.ts'
import { useService } from '../../shared/api/service.ts'
import { api, useSession } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Checkbox } from '../../shared/ui/choices.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { PasswordField } from '../../shared/ui/password-field.tsx'
import { PasswordRules } from '../../shared/ui/password-rules.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { texts } from './texts.ts'

export function PasswordCard() {
  const t = useTexts(texts)
  const [open, setOpen] = useState(false)
  return (
    <Card
      title={t.password}
      description={t.passwordText}
      footer={<Button onClick={() => setOpen(true)}>{t.changePassword}</Button>}
    >
      <Dialog open={open} onClose={() => setOpen(false)} title={t.changePassword}>
        <PasswordForm onDone={() => setOpen(false)} />
      </Dialog>
    </Card>
  )
}

function PasswordForm({ onDone }: { onDone(): void }) {
  const t = useTexts(texts)
  const { passwordRules } = useService()
  const { principal } = useSession()
  const form = useForm({
    initial: { current: '', next: '', endAppPasswords: false },
    check: ({ current, next }) => ({
      current: current === '' ? t.currentMissing : undefined,
      next: next === '' ? t.nextMissing : undefined,
    }),
    submit: async values => {
      await api.put('/password', values)
      await Promise.all(['/sessions', '/app-passwords'].map(invalidate))
      showToast({ text: t.passwordChanged })
      onDone()
    },
  })
  return (
    <Form
      form={form}
      submit={t.changePassword}
      actions={
        <Button kind="quiet" onClick={onDone}>
          {t.cancel}
        </Button>
      }
    >
      <input type="text" name="username" autoComplete="username" value={principal.address} readOnly hidden />
      <PasswordField {...form.field('current')} label={t.current} autoComplete="current-password" autoFocus />
      <PasswordField
        {...form.field('next')}
        label={t.next}
        autoComplete="new-password"
        rules={<PasswordRules password={form.values.next} rules={passwordRules} address={principal.address} />}
      />
      {principal.hasMailbox && (
        <Checkbox {...form.field('endAppPasswords')} label={t.endAppPasswords} hint={t.endAppPasswordsHint} />
      )}
    </Form>
  )
}
