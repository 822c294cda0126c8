/** Address and password, then what the account asks besides. On the sign-in page, and in the dialog of a session that has ended, where the address is known. */
import { lazy, Suspense, useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { ApiProblem } from '../../shared/api/problem.ts'
import { useService } from '../../shared/api/service.ts'
import { signIn } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Checkbox } from '../../shared/ui/choices.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { PasswordField } from '../../shared/ui/password-field.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { Loading } from '../../shared/ui/states.tsx'
import { AddressField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { PasskeyButton } from './passkey-button.tsx'
import { type SecondFactor, signInWithPasskey } from './requests.ts'
import { currentServer, serverOf } from './servers.ts'
import { texts } from './texts.ts'

const SecondStep = lazy(() => import('./second-step.tsx'))

/** Counts down while the service makes a guesser wait; 0 when one may try. */
function useWait(problem: ApiProblem | null): number {
  const [left, setLeft] = useState(0)
  useEffect(() => {
    const seconds = problem?.retryAfter ?? 0
    if (seconds === 0) return setLeft(0)
    const until = Date.now() + seconds * 1000
    const tick = (): void => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)))
    tick()
    const timer = setInterval(tick, 1000)
    return () => clearInterval(timer)
  }, [problem])
  return left
}

export function SignInForm({ address }: { address?: string }) {
  const t = useTexts(texts)
  const { servers } = useService()
  const [needed, setNeeded] = useState<SecondFactor | null>(null)
  const here = currentServer(servers, location.origin)
  const [chosen, setChosen] = useState<string | null>(null)

  // The choice made by hand, else the server that has the domain, else this one.
  const serverFor = (typed: string) => servers.find(({ url }) => url === chosen) ?? serverOf(typed, servers) ?? here
  const elsewhereFor = (typed: string) => {
    const found = address === undefined ? serverFor(typed) : here
    return found === here ? undefined : found
  }

  const form = useForm({
    initial: { address: address ?? '', password: '', remember: false },
    check: values => ({
      address:
        values.address.trim() === ''
          ? t.addressMissing
          : /^[^@\s]+@[^@\s]+$/.test(values.address.trim())
            ? undefined
            : t.addressIncomplete,
      password: values.password === '' && !elsewhereFor(values.address) ? t.passwordMissing : undefined,
    }),
    submit: async values => {
      const other = elsewhereFor(values.address)
      if (other) return location.assign(other.url)
      setNeeded(await signIn({ ...values, address: values.address.trim() }))
    },
  })
  const server = serverFor(form.values.address)
  const elsewhere = elsewhereFor(form.values.address)
  const wait = useWait(form.problem)

  if (needed !== null)
    return (
      <Suspense fallback={<Loading />}>
        <SecondStep
          factor={needed}
          onCancel={() => {
            form.set({ password: '' })
            setNeeded(null)
          }}
        />
      </Suspense>
    )

  return (
    <>
      {form.problem?.retryAfter !== undefined && (
        <div className="sign-in-wait" role="status">
          {wait === 0 && <Alert kind="info">{t.again}</Alert>}
          {wait > 0 && <Alert kind="warning">{t.wait(wait)}</Alert>}
        </div>
      )}
      <Form
        form={form.problem?.retryAfter === undefined ? form : { ...form, problem: null }}
        submit={elsewhere ? t.signInOn(elsewhere.name) : t.signIn}
        wide
      >
        <AddressField
          {...form.field('address')}
          label={t.address}
          autoComplete="username"
          placeholder={t.addressExample}
          readOnly={address !== undefined}
          autoFocus={address === undefined}
        />
        {servers.length > 1 && address === undefined && (
          <Select
            label={t.server}
            name="server"
            value={server?.url ?? ''}
            onChange={setChosen}
            options={[
              ...(server ? [] : [{ value: '', label: t.serverOfAddress }]),
              ...servers.map(({ name, url }) => ({ value: url, label: name })),
            ]}
          />
        )}
        {!elsewhere && (
          <>
            <PasswordField
              {...form.field('password')}
              label={t.password}
              autoComplete="current-password"
              autoFocus={address !== undefined}
              aside={address === undefined && <Link href="/forgotten">{t.forgotten}</Link>}
            />
            <Checkbox {...form.field('remember')} label={t.remember} />
          </>
        )}
      </Form>
      {!elsewhere && <PasskeyButton label={t.signInWithPasskey} work={() => signInWithPasskey(form.values.remember)} />}
    </>
  )
}
