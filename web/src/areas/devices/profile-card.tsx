/** The profile for iPhone, iPad and Mac: downloaded here, or fetched by the phone with a code that works once. */
import { Download, QrCode as QrIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Checkbox } from '../../shared/ui/choices.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { QrCode } from '../../shared/ui/qr-code.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import type { DeviceLink } from './contract.ts'
import { texts } from './texts.ts'

export function DownloadProfile({ primary }: { primary?: boolean }) {
  const t = useTexts(texts)
  return (
    <div className="stack tight">
      <div>
        <ButtonLink
          kind={primary ? 'primary' : 'secondary'}
          icon={Download}
          href="/api/v1/devices/apple-profile"
          external
        >
          {t.download}
        </ButtonLink>
      </div>
      <p className="muted">{t.downloadText}</p>
    </div>
  )
}

/** Whether the page is open on the phone itself. An iPad calls itself a Mac, but is touched. */
export const isApplePhone = (): boolean =>
  /iPhone|iPad|iPod/.test(navigator.userAgent) ||
  (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)

export function ScanProfile() {
  const t = useTexts(texts)
  const [link, setLink] = useState<DeviceLink | null>(null)
  const form = useForm({
    initial: { withPassword: true, passwordLabel: 'iPhone' },
    check: ({ withPassword, passwordLabel }) => ({
      passwordLabel: withPassword && passwordLabel.trim() === '' ? t.labelMissing : undefined,
    }),
    submit: async ({ withPassword, passwordLabel }) => {
      const body = { passwordLabel: withPassword ? passwordLabel.trim() : null }
      setLink(await api.post<DeviceLink>('/devices/profile-links', body))
    },
  })
  return (
    <Card title={t.scan} description={t.scanText}>
      <div className="devices-scan">
        <Form form={form} submit={link ? t.another : t.show} submitKind={link ? 'secondary' : 'primary'}>
          <Checkbox {...form.field('withPassword')} label={t.withPassword} hint={t.withPasswordHint} />
          {form.values.withPassword && (
            <TextField {...form.field('passwordLabel')} label={t.label} maxLength={100} autoComplete="off" required />
          )}
        </Form>
        <div className="devices-code" role="status">
          {link ? <Code key={link.url} link={link} /> : <QrIcon size={48} strokeWidth={1} aria-hidden="true" />}
        </div>
      </div>
    </Card>
  )
}

function Code({ link: { url, expiresAt } }: { link: DeviceLink }) {
  const t = useTexts(texts)
  const f = useFormat()
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), expiresAt - Date.now())
    return () => clearTimeout(timer)
  }, [expiresAt])
  if (isOver) return <p>{t.over}</p>
  return (
    <>
      <QrCode text={url} label={t.qr} size={200} />
      <p className="muted">{t.once(f.time(expiresAt))}</p>
    </>
  )
}

/** Brings this very page to the phone, where it is signed in to once more. */
export function OpenOnPhone({ path }: { path: string }) {
  const t = useTexts(texts)
  return (
    <Card title={t.onPhone} description={t.onPhoneText}>
      <QrCode text={new URL(path, location.origin).href} label={t.qrPage} size={152} />
    </Card>
  )
}
