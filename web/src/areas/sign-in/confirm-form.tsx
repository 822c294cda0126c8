/** Shows once more who is signed in, in the dialog that asks before something dangerous: by password, code or passkey, as the account can. */
import { useEffect, useState } from 'react'
import { type ApiProblem, asProblem } from '../../shared/api/problem.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Form } from '../../shared/ui/form.tsx'
import { PasswordField } from '../../shared/ui/password-field.tsx'
import { ErrorState, Loading } from '../../shared/ui/states.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { CodeField } from './code-field.tsx'
import { PasskeyButton } from './passkey-button.tsx'
import { confirmationMethods, confirmWith, confirmWithPasskey, type Proof } from './requests.ts'
import { texts } from './texts.ts'

export function ConfirmForm({ address }: { address: string }) {
  const t = useTexts(texts)
  const [methods, setMethods] = useState<Proof[] | null>(null)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again.
  useEffect(() => {
    setProblem(null)
    confirmationMethods().then(setMethods, error => setProblem(asProblem(error)))
  }, [attempt])
  if (problem) return <ErrorState problem={problem} retry={() => setAttempt(attempt + 1)} />
  if (methods === null) return <Loading lines={2} />
  return (
    <div className="stack loose">
      {methods.includes('password') ? <ByPassword address={address} /> : methods.includes('code') && <ByCode />}
      {methods.includes('passkey') && (
        <PasskeyButton label={t.usePasskey} primary={methods.length === 1} work={confirmWithPasskey} />
      )}
    </div>
  )
}

function ByPassword({ address }: { address: string }) {
  const t = useTexts(texts)
  const form = useForm({
    initial: { password: '' },
    check: ({ password }) => ({ password: password === '' ? t.passwordMissing : undefined }),
    submit: ({ password }) => confirmWith({ password }),
  })
  return (
    <Form form={form} submit={t.confirm} wide>
      {/* Password managers look for whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={address} readOnly hidden />
      <PasswordField {...form.field('password')} label={t.password} autoComplete="current-password" autoFocus />
    </Form>
  )
}

function ByCode() {
  const t = useTexts(texts)
  const form = useForm({
    initial: { code: '' },
    check: ({ code }) => ({ code: code.trim() === '' ? t.codeMissing : undefined }),
    submit: ({ code }) => confirmWith({ code: code.trim() }),
  })
  return (
    <Form form={form} submit={t.confirm} wide>
      <CodeField {...form.field('code')} label={t.appCode} hint={t.appCodeHint} />
    </Form>
  )
}
