/** A question to whoever supports the reader, with what helps to answer it. */
import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { useService } from '../../shared/api/service.ts'
import { api, useSession } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import { TextArea, TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { contactTexts } from './contact-texts.ts'
import { texts } from './texts.ts'

export default function ContactPage() {
  const t = useTexts(contactTexts)
  const help = useTexts(texts)
  const { principal } = useSession()
  const { supportAddress } = useService()
  const [isSent, setSent] = useState(false)
  const from = new URLSearchParams(location.search).get('from') ?? '/help/contact'
  const form = useForm({
    initial: { subject: '', message: '' },
    check: ({ subject, message }) => ({
      subject: subject.trim() === '' ? t.subjectMissing : undefined,
      message: message.trim() === '' ? t.messageMissing : undefined,
    }),
    submit: async ({ subject, message }) => {
      await api.post('/help/requests', { subject: subject.trim(), message, page: from.slice(0, 2000) })
      setSent(true)
    },
  })
  const crumbs = [{ href: '/help', label: help.title }]
  if (supportAddress === null || isSent)
    return (
      <Page narrow title={t.title} breadcrumbs={crumbs}>
        <Card>
          <EmptyState
            icon={CircleCheck}
            title={isSent ? t.sent : t.nobody}
            action={<ButtonLink href="/help">{help.back}</ButtonLink>}
          >
            <span role="status">{isSent ? t.sentText(principal.address) : t.nobodyText}</span>
          </EmptyState>
        </Card>
      </Page>
    )
  return (
    <Page narrow title={t.title} description={t.description(principal.address)} breadcrumbs={crumbs}>
      <Card>
        <Form
          form={form}
          warnsOnLeave
          submit={t.send}
          actions={
            <ButtonLink kind="quiet" href="/help">
              {t.cancel}
            </ButtonLink>
          }
        >
          <TextField {...form.field('subject')} label={t.subject} maxLength={150} required />
          <TextArea
            {...form.field('message')}
            label={t.message}
            hint={t.messageHint}
            rows={9}
            maxLength={20_000}
            required
          />
        </Form>
      </Card>
      <Card title={t.attached} description={t.attachedText}>
        <ul className="help-attached">
          {[t.fact1, t.fact2, t.fact3, t.fact4].map(fact => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
      </Card>
    </Page>
  )
}
