/** The second step of signing in: a passkey, a code of the app, or a recovery code, whichever the account has. */
import { useState } from 'react'
import { useTexts } from '../../shared/texts/texts.ts'
import { Form } from '../../shared/ui/form.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { CodeField } from './code-field.tsx'
import { passkeysAreSupported } from './passkey.ts'
import { PasskeyButton } from './passkey-button.tsx'
import { finishWithCode, finishWithPasskey, type SecondFactor } from './requests.ts'
import { texts } from './texts.ts'

export default function SecondStep({ factor, onCancel }: { factor: SecondFactor; onCancel(): void }) {
  const t = useTexts(texts)
  const { methods, token } = factor
  const has = (method: SecondFactor['methods'][number]): boolean => methods.includes(method)
  const [recovering, setRecovering] = useState(!has('code') && !(has('passkey') && passkeysAreSupported()))
  const form = useForm({
    initial: { code: '' },
    check: ({ code }) => ({ code: code.trim() === '' ? t.codeMissing : undefined }),
    submit: ({ code }) => finishWithCode(token, code),
  })
  const withCode = recovering || has('code')
  const passkey = has('passkey') && (
    <PasskeyButton label={t.usePasskey} primary={!withCode} work={() => finishWithPasskey(token)} />
  )
  return (
    <div className="stack loose">
      <p>{t.secondStep}</p>
      {!withCode && passkey}
      {withCode && (
        <Form form={form} submit={t.check} wide>
          {/* Another kind of field: what was typed in the one makes no sense in the other. */}
          <CodeField
            key={recovering ? 'recovery' : 'app'}
            {...form.field('code')}
            label={recovering ? t.recoveryCode : t.appCode}
            hint={recovering ? t.recoveryCodeHint : t.appCodeHint}
            recovery={recovering}
          />
        </Form>
      )}
      <div className="other-ways">
        {withCode && passkey}
        {has('recovery-code') && (has('code') || !recovering) && (
          <button
            type="button"
            className="link"
            onClick={() => {
              form.reset()
              setRecovering(!recovering)
            }}
          >
            {recovering ? t.useAppCode : t.useRecoveryCode}
          </button>
        )}
        <button type="button" className="link" onClick={onCancel}>
          {t.back}
        </button>
      </div>
    </div>
  )
}
