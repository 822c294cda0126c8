/** Adds an authenticator app: its QR code, then the first code. */
import { useEffect, useState } from 'react'
import { type ApiProblem, asProblem } from '../../shared/api/problem.ts'
import { api } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { CopyField } from '../../shared/ui/copy.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { QrCode } from '../../shared/ui/qr-code.tsx'
import { ErrorState, Loading } from '../../shared/ui/states.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { texts } from './texts.ts'

interface SetUp {
  secret: string
  uri: string
}

interface Props {
  onCancel(): void
  onAdded(recoveryCodes: string[] | null): Promise<void>
}

export function AddCodes({ onCancel, onAdded }: Props) {
  const [setUp, setSetUp] = useState<SetUp | null>(null)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again.
  useEffect(() => {
    setProblem(null)
    api.post<SetUp>('/second-factor/codes').then(setSetUp, error => setProblem(asProblem(error)))
  }, [attempt])
  if (problem) return <ErrorState problem={problem} retry={() => setAttempt(attempt + 1)} />
  if (setUp === null) return <Loading lines={4} />
  return <FirstCode setUp={setUp} onCancel={onCancel} onAdded={onAdded} />
}

function FirstCode({ setUp, onCancel, onAdded }: Props & { setUp: SetUp }) {
  const t = useTexts(texts)
  const form = useForm({
    initial: { code: '' },
    check: ({ code }) => ({ code: code.trim() === '' ? t.codeMissing : undefined }),
    submit: async ({ code }) => {
      const path = '/second-factor/codes/confirmation'
      const { recoveryCodes } = await api.post<{ recoveryCodes: string[] | null }>(path, { code: code.trim() })
      await onAdded(recoveryCodes)
    },
  })
  return (
    <div className="stack">
      <Alert kind="info">{t.consequence}</Alert>
      <p>{t.scan}</p>
      <QrCode text={setUp.uri} label={t.qr} />
      <CopyField label={t.manualKey} value={setUp.secret.match(/.{1,4}/g)?.join(' ') ?? ''} />
      <Form
        form={form}
        submit={t.check}
        actions={
          <Button kind="quiet" onClick={onCancel}>
            {t.cancel}
          </Button>
        }
      >
        <TextField
          {...form.field('code')}
          label={t.code}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={20}
          autoFocus
        />
      </Form>
    </div>
  )
}
