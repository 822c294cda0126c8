/** The form of one auto-reply, what state it is in, and how it will look. */
import type { AutoReplyAnswer } from '../../../../src/api/auto-reply.ts'
import { queryClient } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { RadioGroup, Switch } from '../../shared/ui/choices.tsx'
import { FieldGroup, Form } from '../../shared/ui/form.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { DateField, TextArea, TextField } from '../../shared/ui/text-field.tsx'
import { browserTimeZone, TimeZoneField } from '../../shared/ui/time-zone-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import './auto-reply.css'
import { AutoReplyBadge, useStatusText } from '../../shared/auto-reply/status.tsx'
import { texts } from '../../shared/auto-reply/texts.ts'

const intervals = [1, 2, 3, 7, 14, 30]

export function AutoReplyForm({ path, reply }: { path: string; reply: AutoReplyAnswer }) {
  const t = useTexts(texts)
  const status = useStatusText(reply)
  const form = useForm({
    initial: valuesOf(reply),
    check: ({ enabled, text, fromDay, untilDay }) => ({
      text: enabled && text.trim() === '' ? t.errorText : undefined,
      untilDay: fromDay !== '' && untilDay !== '' && untilDay < fromDay ? t.errorDays : undefined,
    }),
    submit: async values => {
      const { fromDay, untilDay, intervalDays, ...rest } = values
      const body = { ...rest, fromDay: fromDay || null, untilDay: untilDay || null, intervalDays: Number(intervalDays) }
      const saved = await api.put<AutoReplyAnswer>(path, body)
      queryClient.setQueryData([path, {}], saved)
      form.reset(valuesOf(saved))
      showToast({ text: t.saved })
    },
  })
  const { enabled, subject, text } = form.values
  const domain = reply.address.slice(reply.address.lastIndexOf('@') + 1)
  const days = intervals.includes(reply.intervalDays)
    ? intervals
    : [...intervals, reply.intervalDays].sort((a, b) => a - b)
  return (
    <>
      <div className="auto-reply-status" role="status">
        <AutoReplyBadge state={reply.state} />
        <span>{status}</span>
      </div>
      <Card>
        <Form form={form} warnsOnLeave submit={t.save}>
          <Switch {...form.field('enabled')} label={t.enabled} />
          <FieldGroup title={t.when} description={t.whenHint}>
            <div className="auto-reply-days">
              <DateField {...form.field('fromDay')} label={t.from} optional />
              <DateField {...form.field('untilDay')} label={t.until} min={form.values.fromDay} optional />
            </div>
            <TimeZoneField {...form.field('timeZone')} label={t.timeZone} />
          </FieldGroup>
          <FieldGroup title={t.message}>
            <TextField {...form.field('subject')} label={t.subject} hint={t.subjectHint} maxLength={200} optional />
            <TextArea {...form.field('text')} label={t.text} rows={8} maxLength={10_000} required={enabled} />
          </FieldGroup>
          <RadioGroup
            {...form.field('audience')}
            label={t.who}
            hint={t.whoHint}
            options={[
              { value: 'everyone', label: t.everyone },
              { value: 'correspondents', label: t.correspondents },
              { value: 'domain', label: t.domain(domain) },
            ]}
          />
          <Select
            {...form.field('intervalDays')}
            label={t.interval}
            options={days.map(count => ({ value: String(count), label: t.intervalDays(count) }))}
          />
        </Form>
      </Card>
      <Card title={t.preview} description={t.previewText}>
        {text.trim() === '' ? (
          <p className="muted">{t.previewEmpty}</p>
        ) : (
          <div className="auto-reply-preview">
            <dl>
              <div>
                <dt>{t.previewFrom}</dt>
                <dd>{reply.address}</dd>
              </div>
              <div>
                <dt>{t.previewSubject}</dt>
                <dd>{subject.trim() || t.previewAuto}</dd>
              </div>
            </dl>
            <p className="auto-reply-text">{text}</p>
          </div>
        )}
      </Card>
    </>
  )
}

function valuesOf({ enabled, fromDay, untilDay, timeZone, subject, text, audience, intervalDays }: AutoReplyAnswer) {
  return {
    enabled,
    fromDay: fromDay ?? '',
    untilDay: untilDay ?? '',
    timeZone: timeZone ?? browserTimeZone(),
    subject,
    text,
    audience,
    intervalDays: String(intervalDays),
  }
}
