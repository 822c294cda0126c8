/** Adds a passkey: its name here, then whatever the browser asks. The library that speaks to it is loaded when one is made. */
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'
import { ApiProblem } from '../../shared/api/problem.ts'
import { api } from '../../shared/api/session.ts'
import { textsNow, useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { texts } from './texts.ts'

interface Props {
  /** Whether mail programs will need app passwords from now on. */
  isFirst: boolean
  onCancel(): void
  onAdded(recoveryCodes: string[] | null): Promise<void>
}

async function makePasskey(label: string): Promise<string[] | null> {
  const asked = await api.post<{ options: object; token: string }>('/second-factor/passkeys/options')
  const { startRegistration } = await import('@simplewebauthn/browser')
  let response: object
  try {
    response = await startRegistration({ optionsJSON: asked.options as PublicKeyCredentialCreationOptionsJSON })
  } catch {
    throw new ApiProblem(0, { code: 'passkey-failed', title: textsNow(texts).passkeyFailed })
  }
  const body = { label, passkey: { token: asked.token, response } }
  return (await api.post<{ recoveryCodes: string[] | null }>('/second-factor/passkeys', body)).recoveryCodes
}

export function AddPasskey({ isFirst, onCancel, onAdded }: Props) {
  const t = useTexts(texts)
  const form = useForm({
    initial: { label: '' },
    check: ({ label }) => ({ label: label.trim() === '' ? t.nameMissing : undefined }),
    submit: async ({ label }) => onAdded(await makePasskey(label.trim())),
  })
  return (
    <div className="stack">
      {isFirst && <Alert kind="info">{t.consequence}</Alert>}
      <p>{t.passkeyText}</p>
      <Form
        form={form}
        submit={t.goOn}
        actions={
          <Button kind="quiet" onClick={onCancel}>
            {t.cancel}
          </Button>
        }
      >
        <TextField {...form.field('label')} label={t.passkeyName} hint={t.passkeyNameHint} maxLength={100} autoFocus />
      </Form>
    </div>
  )
}
