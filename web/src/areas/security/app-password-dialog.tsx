/** Makes an app password and shows it once. */
import { useState } from 'react'
import type { AppPasswordAnswer } from '../../../../src/api/app-passwords.ts'
import { invalidate } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Checkbox } from '../../shared/ui/choices.tsx'
import { CopyField } from '../../shared/ui/copy.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { FieldGroup, Form } from '../../shared/ui/form.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { TextArea, TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { texts } from './texts.ts'

const DAY_MS = 86_400_000
const protocols = ['imap', 'pop3', 'submission'] as const
const expiries = ['never', '30', '365'] as const

interface Created {
  appPassword: AppPasswordAnswer
  secret: string
}

export function AppPasswordDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const t = useTexts(texts)
  const [created, setCreated] = useState<Created | null>(null)
  const close = (): void => {
    setCreated(null)
    onClose()
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      size="medium"
      insistent={created !== null}
      title={created ? t.secretReady : t.createAppPassword}
      description={created ? t.secretText : undefined}
      footer={
        created && (
          <Button kind="primary" onClick={close}>
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
        <NewForm onCancel={close} onCreated={setCreated} />
      )}
    </Dialog>
  )
}

function NewForm({ onCancel, onCreated }: { onCancel(): void; onCreated(created: Created): void }) {
  const t = useTexts(texts)
  const form = useForm({
    initial: {
      label: '',
      protocols: ['imap', 'submission'] as readonly (typeof protocols)[number][],
      networks: '',
      expiresAt: 'never' as (typeof expiries)[number],
    },
    check: values => ({
      label: values.label.trim() === '' ? t.nameMissing : undefined,
      protocols: values.protocols.length === 0 ? t.protocolsMissing : undefined,
    }),
    submit: async values => {
      const networks = values.networks.split(/[\s,;]+/).filter(Boolean)
      const expiresAt = values.expiresAt === 'never' ? null : Date.now() + Number(values.expiresAt) * DAY_MS
      const body = { label: values.label.trim(), protocols: values.protocols, networks, expiresAt }
      onCreated(await api.post<Created>('/app-passwords', body))
      await invalidate('/app-passwords')
    },
  })
  const { protocols: chosen } = form.values
  return (
    <Form
      form={form}
      submit={t.createAppPassword}
      actions={
        <Button kind="quiet" onClick={onCancel}>
          {t.cancel}
        </Button>
      }
    >
      <TextField {...form.field('label')} label={t.label} hint={t.labelHint} maxLength={100} autoFocus />
      <FieldGroup title={t.usedFor}>
        {form.errors.protocols && (
          <Alert kind="danger" live>
            {form.errors.protocols}
          </Alert>
        )}
        {protocols.map(protocol => (
          <Checkbox
            key={protocol}
            name={protocol}
            value={chosen.includes(protocol)}
            onChange={on =>
              form.set({ protocols: on ? [...chosen, protocol] : chosen.filter(one => one !== protocol) })
            }
            label={t.protocol[protocol]}
          />
        ))}
      </FieldGroup>
      <Select
        {...form.field('expiresAt')}
        label={t.expires}
        options={expiries.map(value => ({ value, label: t.expiry[value] }))}
      />
      <TextArea {...form.field('networks')} label={t.networks} hint={t.networksHint} rows={2} />
    </Form>
  )
}
