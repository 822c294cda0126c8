/** A single-use link to sign-in data. Opening the page shows and spends nothing: a click does, since programs open links too. */
import { lazy, Suspense, useState } from 'react'
import type { OpenedLinkAnswer, RevealedAnswer } from '../../../../src/api/link-holders.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Form } from '../../shared/ui/form.tsx'
import { Loading } from '../../shared/ui/states.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { OutsidePage } from '../outside.tsx'
import { LinkPage } from './link-state.tsx'
import { linkTexts } from './link-texts.ts'
import { forgetToken, post, useLink } from './use-link.ts'

const Revealed = lazy(() => import('./revealed.tsx'))

export default function CredentialLinkPage() {
  const t = useTexts(linkTexts)
  const link = useLink<OpenedLinkAnswer>('/link/open')
  const [revealed, setRevealed] = useState<RevealedAnswer | null>(null)
  if (revealed)
    return (
      <OutsidePage title={t.title} wide>
        <Suspense fallback={<Loading />}>
          <Revealed revealed={revealed} />
        </Suspense>
      </OutsidePage>
    )
  return (
    <LinkPage link={link} title={t.title}>
      {opened => <Closed opened={opened} token={link.token} onRevealed={setRevealed} />}
    </LinkPage>
  )
}

function Closed({
  opened: { expiresAt, needsCode },
  token,
  onRevealed,
}: {
  opened: OpenedLinkAnswer
  token: string
  onRevealed(revealed: RevealedAnswer): void
}) {
  const t = useTexts(linkTexts)
  const format = useFormat()
  const form = useForm({
    initial: { code: '' },
    check: ({ code }) => ({ code: needsCode && code.trim() === '' ? t.codeMissing : undefined }),
    submit: async ({ code }) => {
      const answer = await post<RevealedAnswer>('/link/reveal', { token, ...(needsCode && { code: code.trim() }) })
      forgetToken()
      onRevealed(answer)
    },
  })
  return (
    <OutsidePage title={t.title} description={t.once}>
      <p>{t.until(format.dateTime(expiresAt))}</p>
      <Form form={form} submit={t.show} wide>
        {needsCode && (
          <TextField
            {...form.field('code')}
            label={t.code}
            hint={t.codeHint}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={12}
            autoFocus
          />
        )}
      </Form>
    </OutsidePage>
  )
}
