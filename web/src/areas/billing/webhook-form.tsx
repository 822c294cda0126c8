/** A webhook is made or changed; a secret is shown, once. */
import type { WebhookAnswer } from '../../../../src/api/webhooks.ts'
import { useSession } from '../../shared/api/session.ts'
import { DomainSelect } from '../../shared/domains/domain-select.tsx'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Checkbox } from '../../shared/ui/choices.tsx'
import { CopyField } from '../../shared/ui/copy.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { FieldGroup, Form } from '../../shared/ui/form.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { webhookTexts } from './webhook-texts.ts'

export interface WebhookFields {
  domain: string | null
  url: string
  description: string
  events: string[]
}

export interface WebhookFormProps {
  webhook: WebhookAnswer | null
  /** All that can be asked for. */
  events: readonly string[]
  onSave(fields: WebhookFields): Promise<unknown>
  onCancel?(): void
}

export function WebhookForm({ webhook, events, onSave, onCancel }: WebhookFormProps) {
  const t = useTexts(webhookTexts)
  const { principal } = useSession()
  const isStaff = principal.role === 'staff'
  const inOrder = (wanted: readonly string[]): string[] => events.filter(event => wanted.includes(event))
  const form = useForm({
    initial: {
      domain: webhook?.domain ?? (isStaff ? '' : (principal.domains[0] ?? '')),
      url: webhook?.url ?? '',
      description: webhook?.description ?? '',
      events: inOrder(webhook?.events ?? ['mailbox.created', 'plan.changed']),
    },
    check: values => ({
      url: values.url.trim() === '' ? t.urlMissing : undefined,
      events: values.events.length === 0 ? t.eventsMissing : undefined,
    }),
    submit: ({ domain, url, description, events: wanted }) =>
      onSave({
        domain: domain === '' ? null : domain,
        url: url.trim(),
        description: description.trim(),
        events: wanted,
      }),
  })
  const { events: chosen } = form.values
  const toggle = (event: string, isOn: boolean): void =>
    form.set({ events: inOrder(isOn ? [...chosen, event] : chosen.filter(each => each !== event)) })
  return (
    <Form
      form={form}
      warnsOnLeave
      submit={webhook ? t.save : t.add}
      actions={onCancel && <Button onClick={onCancel}>{t.cancel}</Button>}
    >
      {!webhook &&
        (isStaff ? (
          <DomainSelect {...form.field('domain')} label={t.domain} none={t.allDomains} />
        ) : (
          <Select
            {...form.field('domain')}
            label={t.domain}
            options={principal.domains.map(domain => ({ value: domain, label: domain }))}
          />
        ))}
      <TextField {...form.field('url')} type="url" label={t.url} hint={t.urlHint} maxLength={2000} required />
      <TextField {...form.field('description')} label={t.note} maxLength={200} optional />
      <FieldGroup title={t.events} error={form.errors.events}>
        <div className="columns">
          {events.map(event => (
            <Checkbox
              key={event}
              name={`event-${event}`}
              label={<code>{event}</code>}
              value={chosen.includes(event)}
              onChange={isOn => toggle(event, isOn)}
            />
          ))}
        </div>
      </FieldGroup>
    </Form>
  )
}

export function SecretDialog({ secret, onClose }: { secret: string; onClose(): void }) {
  const t = useTexts(webhookTexts)
  return (
    <Dialog
      open
      shownOnce
      size="medium"
      onClose={onClose}
      title={t.secretTitle}
      description={t.secretText}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t.done}
        </Button>
      }
    >
      <CopyField label={t.secret} value={secret} />
    </Dialog>
  )
}
