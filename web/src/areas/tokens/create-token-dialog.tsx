/** Makes a token and shows it once. */
import { useState } from 'react'
import type { CreatedTokenAnswer } from '../../../../src/api/tokens.ts'
import { invalidate } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Checkbox } from '../../shared/ui/choices.tsx'
import { CopyField } from '../../shared/ui/copy.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { FieldGroup, Form } from '../../shared/ui/form.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { texts } from './texts.ts'

const DAY_MS = 86_400_000
const expiries = ['30', '90', '365', 'never'] as const

interface Props {
  open: boolean
  onClose(): void
  /** Those that can be given. */
  scopes: readonly string[]
}

export function CreateTokenDialog({ open, onClose, scopes }: Props) {
  const t = useTexts(texts)
  const [created, setCreated] = useState<CreatedTokenAnswer | null>(null)
  const close = (): void => {
    setCreated(null)
    onClose()
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      size="medium"
      shownOnce={created !== null}
      title={created ? t.ready : t.create}
      description={created ? t.readyText : undefined}
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
          <CopyField label={t.secret} value={created.secret} />
          <CopyField label={t.usage} value={`Authorization: Bearer ${created.secret}`} />
        </div>
      ) : (
        <TokenForm scopes={scopes} onCancel={close} onCreated={setCreated} />
      )}
    </Dialog>
  )
}

function TokenForm({
  scopes,
  onCancel,
  onCreated,
}: {
  scopes: readonly string[]
  onCancel(): void
  onCreated(answer: CreatedTokenAnswer): void
}) {
  const t = useTexts(texts)
  const names: Readonly<Record<string, string>> = t.scope
  const form = useForm({
    initial: { label: '', scopes: [] as readonly string[], expiresAt: '90' as (typeof expiries)[number] },
    check: values => ({
      label: values.label.trim() === '' ? t.labelMissing : undefined,
      scopes: values.scopes.length === 0 ? t.scopesMissing : undefined,
    }),
    submit: async values => {
      const expiresAt = values.expiresAt === 'never' ? null : Date.now() + Number(values.expiresAt) * DAY_MS
      const body = { label: values.label.trim(), scopes: values.scopes, expiresAt }
      onCreated(await api.post<CreatedTokenAnswer>('/tokens', body))
      await invalidate('/tokens')
    },
  })
  const { scopes: chosen } = form.values
  return (
    <Form
      form={form}
      submit={t.make}
      actions={
        <Button kind="quiet" onClick={onCancel}>
          {t.cancel}
        </Button>
      }
    >
      <TextField {...form.field('label')} label={t.label} hint={t.labelHint} maxLength={100} autoFocus />
      <FieldGroup title={t.scopes} error={form.errors.scopes}>
        {scopes.map(scope => (
          <Checkbox
            key={scope}
            name={scope}
            value={chosen.includes(scope)}
            onChange={on => form.set({ scopes: on ? [...chosen, scope] : chosen.filter(one => one !== scope) })}
            label={names[scope] ?? scope}
            hint={<span className="mono">{scope}</span>}
          />
        ))}
      </FieldGroup>
      <Select
        {...form.field('expiresAt')}
        label={t.expires}
        options={expiries.map(value => ({ value, label: t.expiry[value] }))}
      />
    </Form>
  )
}
