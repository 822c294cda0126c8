/** Makes a single-use link, for an address that is known or to be typed, and shows it once. */
import { useState } from 'react'
import type { IssuedLinkAnswer } from '../../../../src/api/credential-links.ts'
import { invalidate } from '../api/queries.ts'
import { api } from '../api/session.ts'
import { useFormat } from '../texts/format.ts'
import { useTexts } from '../texts/texts.ts'
import { Alert } from '../ui/alert.tsx'
import { Button } from '../ui/button.tsx'
import { Checkbox, RadioGroup } from '../ui/choices.tsx'
import { CopyField } from '../ui/copy.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Form } from '../ui/form.tsx'
import { AddressField } from '../ui/text-field.tsx'
import { useForm } from '../ui/use-form.ts'
import { texts } from './texts.ts'

const CODE_DIGITS = 6

export interface IssueLinkDialogProps {
  open: boolean
  onClose(): void
  /** Whom it is for; otherwise it is asked for. */
  address?: string
  /** Whether a code is asked for at first. */
  withCode?: boolean
}

export function IssueLinkDialog({ open, onClose, address, withCode = false }: IssueLinkDialogProps) {
  const t = useTexts(texts)
  const [issued, setIssued] = useState<{ link: IssuedLinkAnswer; wasMailed: boolean } | null>(null)
  const close = (): void => {
    setIssued(null)
    onClose()
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      size="medium"
      shownOnce={issued !== null}
      title={issued ? t.ready : address === undefined ? t.createTitle : t.againTitle(address)}
      description={issued ? t.readyText : address === undefined ? t.createText : t.againText}
      footer={
        issued && (
          <Button kind="primary" onClick={close}>
            {t.close}
          </Button>
        )
      }
    >
      {issued ? (
        <IssuedLink link={issued.link} wasMailed={issued.wasMailed} />
      ) : (
        <WishForm
          address={address}
          withCode={withCode}
          onCancel={close}
          onIssued={(link, wasMailed) => {
            setIssued({ link, wasMailed })
            void invalidate('/credential-links')
          }}
        />
      )}
    </Dialog>
  )
}

function WishForm({
  address,
  withCode,
  onCancel,
  onIssued,
}: {
  address: string | undefined
  withCode: boolean
  onCancel(): void
  onIssued(link: IssuedLinkAnswer, wasMailed: boolean): void
}) {
  const t = useTexts(texts)
  const form = useForm({
    initial: { address: address ?? '', how: 'copy' as 'copy' | 'mail', sendTo: '', withCode },
    check: values => ({
      address: values.address.trim() === '' ? t.whoMissing : undefined,
      sendTo: values.how === 'mail' && values.sendTo.trim() === '' ? t.toMissing : undefined,
    }),
    submit: async values => {
      const sendTo = values.how === 'mail' ? values.sendTo.trim() : null
      const codeDigits = values.withCode ? CODE_DIGITS : null
      const body = { address: values.address.trim(), sendTo, codeDigits }
      onIssued(await api.post<IssuedLinkAnswer>('/credential-links', body), sendTo !== null)
    },
  })
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
      {address === undefined && <AddressField {...form.field('address')} label={t.who} autoFocus />}
      <RadioGroup
        {...form.field('how')}
        label={t.how}
        options={[
          { value: 'copy', label: t.copy },
          { value: 'mail', label: t.mail },
        ]}
      />
      {form.values.how === 'mail' && <AddressField {...form.field('sendTo')} label={t.to} hint={t.toHint} />}
      <Checkbox {...form.field('withCode')} label={t.withCode} hint={t.withCodeHint} />
    </Form>
  )
}

/** The one place that shows it. */
export function IssuedLink({ link, wasMailed }: { link: IssuedLinkAnswer; wasMailed: boolean }) {
  const t = useTexts(texts)
  const format = useFormat()
  return (
    <div className="stack">
      {link.sentTo !== null && <Alert kind="success">{t.mailed(link.sentTo)}</Alert>}
      {wasMailed && link.sentTo === null && <Alert kind="warning">{t.notMailed}</Alert>}
      <CopyField label={t.link} value={link.url} hint={t.good(format.dateTime(link.expiresAt))} />
      {link.code !== null && <CopyField label={t.code} value={link.code} />}
    </div>
  )
}
