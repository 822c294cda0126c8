/** How much may still be sent within the hour; staff raise the limit for some hours, and end a block. `path`: of the mailbox, or empty for one's own. */
import { useState } from 'react'
import type { SendingGaugeAnswer } from '../../../../src/api/sending.ts'
import { queryClient, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ConfirmDialog, Dialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Meter } from '../../shared/ui/meter.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { gaugeTexts } from './gauge-texts.ts'
import { HeldCard } from './held-card.tsx'

const EVERY_MS = 15_000
/** As the service has them. */
const hoursAtMost = 72
const recipientsAtMost = 100_000

type Asked = 'raise' | 'end' | 'unblock' | null

export function GaugeCard({ path, control }: { path: string; control: boolean }) {
  const t = useTexts(gaugeTexts)
  const resource = path === '' ? '/mailbox/sending' : `${path}/sending`
  const gauge = useResource<SendingGaugeAnswer>(resource, {}, { refetchInterval: EVERY_MS })
  const [asked, setAsked] = useState<Asked>(null)
  const close = (): void => setAsked(null)
  const changed = (found: SendingGaugeAnswer, text: string): void => {
    queryClient.setQueryData([resource, {}], found)
    showToast({ text })
  }
  const found = gauge.data
  const isOwn = path === ''
  return (
    <>
      {found?.held && (
        <HeldCard
          resource={resource}
          name={found.name}
          held={found.held}
          own={isOwn}
          control={control}
          onChanged={changed}
        />
      )}
      <Card
        title={t.title}
        description={t.counted}
        footer={
          control &&
          found && (
            <div className="row">
              {found.usualLimit !== null && <Button onClick={() => setAsked('raise')}>{t.raise}</Button>}
              {found.raise && <Button onClick={() => setAsked('end')}>{t.endRaise}</Button>}
              {found.blockedUntil !== null && <Button onClick={() => setAsked('unblock')}>{t.unblock}</Button>}
            </div>
          )
        }
      >
        <Await resource={gauge}>{data => <Gauge gauge={data} own={isOwn} />}</Await>
        {asked === 'raise' && found && (
          <Dialog
            open
            onClose={close}
            title={t.raiseTitle(found.name)}
            description={found.kind === 'domain' ? t.raiseTextDomain : t.raiseText}
          >
            <RaiseForm
              resource={resource}
              gauge={found}
              onRaised={raised => {
                changed(raised, t.raised)
                close()
              }}
            />
          </Dialog>
        )}
        {(asked === 'end' || asked === 'unblock') && found && (
          <ConfirmDialog
            open
            onClose={close}
            title={asked === 'end' ? t.endTitle(found.name) : t.unblockTitle(found.name)}
            confirm={asked === 'end' ? t.endRaise : t.unblock}
            onConfirm={async () => {
              const part = asked === 'end' ? 'raise' : 'block'
              const after = await api.delete<SendingGaugeAnswer>(`${resource}/${part}`)
              changed(after, asked === 'end' ? t.ended : t.unblocked)
            }}
          >
            {asked === 'end' ? t.endText : found.kind === 'domain' ? t.unblockTextDomain : t.unblockText}
          </ConfirmDialog>
        )}
      </Card>
    </>
  )
}

function Gauge({
  gauge: { kind, used, limit, usualLimit, blockedUntil, raise },
  own,
}: {
  gauge: SendingGaugeAnswer
  own: boolean
}) {
  const t = useTexts(gaugeTexts)
  const f = useFormat()
  return (
    <div className="stack">
      {blockedUntil !== null && (
        <Alert kind="danger" title={t.blocked(f.dateTime(blockedUntil))}>
          {own ? t.blockedOwn : kind === 'domain' ? t.blockedDomain : t.blockedText}
        </Alert>
      )}
      <Meter label={t.lastHour} used={used} total={limit} format={f.number} />
      {limit === null && <p className="muted">{t.unlimited}</p>}
      {limit === 0 && <p className="muted">{kind === 'domain' ? t.noneDomain : t.none}</p>}
      {raise && (
        <p className="muted">
          {t.raisedUntil(f.dateTime(raise.until), usualLimit === null ? null : f.number(usualLimit))}
        </p>
      )}
    </div>
  )
}

function RaiseForm({
  resource,
  gauge: { usualLimit },
  onRaised,
}: {
  resource: string
  gauge: SendingGaugeAnswer
  onRaised(gauge: SendingGaugeAnswer): void
}) {
  const t = useTexts(gaugeTexts)
  const form = useForm({
    initial: { limit: String(Math.min(recipientsAtMost, Math.max(1, (usualLimit ?? 0) * 2))), hours: '4' },
    check: ({ limit, hours }) => ({
      limit: isWhole(limit, recipientsAtMost) ? undefined : t.limitWrong,
      hours: isWhole(hours, hoursAtMost) ? undefined : t.hoursWrong,
    }),
    submit: async ({ limit, hours }) =>
      onRaised(await api.put<SendingGaugeAnswer>(`${resource}/raise`, { limit: Number(limit), hours: Number(hours) })),
  })
  return (
    <Form form={form} submit={t.raise}>
      <TextField {...form.field('limit')} label={t.limit} type="number" inputMode="numeric" min={1} />
      <TextField {...form.field('hours')} label={t.hours} type="number" inputMode="numeric" min={1} max={hoursAtMost} />
    </Form>
  )
}

function isWhole(text: string, most: number): boolean {
  const value = Number(text)
  return text.trim() !== '' && Number.isInteger(value) && value >= 1 && value <= most
}
