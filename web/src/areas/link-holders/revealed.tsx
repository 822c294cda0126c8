/** What a single-use link held: the one page that shows the password, and all that is needed to use it. */
import { Printer } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { RevealedAnswer } from '../../../../src/api/link-holders.ts'
import { useService } from '../../shared/api/service.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { CopyField } from '../../shared/ui/copy.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { PasswordField } from '../../shared/ui/password-field.tsx'
import { checkPassword, PasswordRules } from '../../shared/ui/password-rules.tsx'
import { useUnsavedChanges } from '../../shared/ui/unsaved-changes.ts'
import { useForm } from '../../shared/ui/use-form.ts'
import { linkTexts } from './link-texts.ts'
import './revealed.css'
import { post } from './use-link.ts'

const QrCode = lazy(async () => ({ default: (await import('../../shared/ui/qr-code.tsx')).QrCode }))

type Servers = NonNullable<RevealedAnswer['servers']>

const guides = {
  outlook: 'set-up-outlook',
  thunderbird: 'set-up-thunderbird',
  apple: 'set-up-apple-mail',
  iphone: 'set-up-iphone',
  android: 'set-up-android',
} as const

export default function Revealed({ revealed }: { revealed: RevealedAnswer }) {
  const t = useTexts(linkTexts)
  const { address, password, panelUrl, servers, choose } = revealed
  const [chosen, setChosen] = useState(false)
  const [taken, setTaken] = useState(false)
  const told = useRef<HTMLDivElement>(null)
  // Nobody can show it again: a page pulled down on a phone would load anew, without it.
  useUnsavedChanges(!chosen && !taken)
  // The form that had it is gone.
  useEffect(() => {
    if (chosen) told.current?.focus()
  }, [chosen])
  return (
    <>
      <div ref={told} tabIndex={-1}>
        {chosen ? <Alert kind="success">{t.saved}</Alert> : <Alert kind="warning">{t.keep}</Alert>}
      </div>
      <div className="stack">
        <CopyField label={t.user} value={address} />
        {!chosen && <CopyField label={t.password} value={password} onCopied={() => setTaken(true)} />}
      </div>
      {!chosen && <OwnPassword address={address} choose={choose} onChosen={() => setChosen(true)} />}
      {servers && <Settings servers={servers} />}
      <section className="revealed-panel">
        <div className="stack no-print">
          <ButtonLink kind="primary" href={panelUrl} external>
            {t.panel}
          </ButtonLink>
          <Button
            icon={Printer}
            onClick={() => {
              print()
              setTaken(true)
            }}
          >
            {t.print}
          </Button>
        </div>
        <figure className="revealed-qr">
          <Suspense fallback={null}>
            <QrCode text={panelUrl} label={t.panelQr} size={132} />
          </Suspense>
          <figcaption className="muted">{t.panelQr}</figcaption>
        </figure>
      </section>
    </>
  )
}

function OwnPassword({
  address,
  choose,
  onChosen,
}: {
  address: string
  choose: RevealedAnswer['choose']
  onChosen(): void
}) {
  const t = useTexts(linkTexts)
  const format = useFormat()
  const { passwordRules } = useService()
  const form = useForm({
    initial: { password: '' },
    check: ({ password }) => ({
      password: Object.values(checkPassword(password, passwordRules, address)).every(Boolean) ? undefined : t.tooShort,
    }),
    submit: async ({ password }) => {
      await post('/link/password', { token: choose.token, password })
      onChosen()
    },
  })
  return (
    <details className="revealed-own no-print">
      <summary>{t.own}</summary>
      <div className="stack">
        <p className="muted">{t.ownText(format.time(choose.until))}</p>
        <Form form={form} submit={t.save}>
          <input type="hidden" autoComplete="username" value={address} readOnly />
          <PasswordField
            {...form.field('password')}
            label={t.newPassword}
            autoComplete="new-password"
            rules={<PasswordRules password={form.values.password} rules={passwordRules} address={address} />}
          />
        </Form>
      </div>
    </details>
  )
}

function Settings({ servers }: { servers: Servers }) {
  const t = useTexts(linkTexts)
  const protocols = [
    { title: t.imap, text: t.imapText, server: servers.imap[0] },
    { title: t.pop3, text: t.pop3Text, server: servers.pop3[0] },
    { title: t.smtp, text: null, server: servers.smtp[0] },
  ]
  return (
    <section className="stack">
      <div>
        <h2>{t.settings}</h2>
        <p className="muted">{t.settingsText}</p>
      </div>
      {protocols.map(
        ({ title, text, server }) =>
          server && (
            <section key={title} className="revealed-protocol">
              <h3>{title}</h3>
              {text && <p className="muted">{text}</p>}
              <div className="revealed-server">
                <CopyField label={t.server} value={server.host} />
                <CopyField label={t.port} value={String(server.port)} />
                <CopyField label={t.security} value={server.security === 'tls' ? 'SSL/TLS' : 'STARTTLS'} mono={false} />
              </div>
            </section>
          ),
      )}
      <nav aria-label={t.guides} className="no-print">
        <h3>{t.guides}</h3>
        <ul className="revealed-guides list">
          {(Object.keys(guides) as (keyof typeof guides)[]).map(name => (
            <li key={name}>
              <a href={`/help/${guides[name]}`} target="_blank" rel="noreferrer">
                {t.guide[name]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </section>
  )
}
