/** Mail of a mailbox that waits for a look by the staff: why, and what they decide. `own`: its owner sees it. */
import { useState } from 'react'
import type { SendingGaugeAnswer } from '../../../../src/api/sending.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { heldTexts } from './held-texts.ts'

type Held = NonNullable<SendingGaugeAnswer['held']>

interface HeldCardProps {
  /** Of the mailbox's limits: /mailboxes/ADDRESS/sending. */
  resource: string
  name: string
  held: Held
  own: boolean
  /** Whether the reader decides. */
  control: boolean
  onChanged(after: SendingGaugeAnswer, text: string): void
}

export function HeldCard({ resource, name, held, own, control, onChanged }: HeldCardProps) {
  const t = useTexts(heldTexts)
  const f = useFormat()
  const [asked, setAsked] = useState<'release' | 'drop' | null>(null)
  const { reason, at, facts, messages, recipients } = held
  const { count, usual, sample, remoteAddress, place } = facts
  const from = place === null ? null : /^[A-Z]{2}$/.test(place) ? t.country(place) : place
  const why = t.why[reason](f.number(count), f.number(usual))
  return (
    <Card
      title={t.title}
      footer={
        own ? (
          <ButtonLink href="/security">{t.changePassword}</ButtonLink>
        ) : (
          control && (
            <div className="row">
              <Button onClick={() => setAsked('release')}>{t.release}</Button>
              {recipients > 0 && (
                <Button kind="danger-quiet" onClick={() => setAsked('drop')}>
                  {t.drop}
                </Button>
              )}
            </div>
          )
        )
      }
    >
      <div className="stack">
        <Alert kind="warning" title={t.since(f.dateTime(at))}>
          {own ? t.ownText : t.text}
        </Alert>
        <div>
          <p>{why}</p>
          {sample.length > 0 && <p className="muted">{t.sample(f.list(sample))}</p>}
        </div>
        {!own && remoteAddress !== null && <p className="muted">{t.from(remoteAddress, from ?? '')}</p>}
        <p>{t.waiting(messages, recipients)}</p>
      </div>
      {asked !== null && (
        <ConfirmDialog
          open
          onClose={() => setAsked(null)}
          title={asked === 'release' ? t.releaseTitle(name) : t.dropTitle(name)}
          confirm={asked === 'release' ? t.release : t.drop}
          danger={asked === 'drop'}
          onConfirm={async () => {
            const part = asked === 'release' ? 'hold' : 'held-messages'
            const after = await api.delete<SendingGaugeAnswer>(`${resource}/${part}`)
            onChanged(after, asked === 'release' ? t.released : t.dropped)
          }}
        >
          {asked === 'release' ? t.releaseText : t.dropText}
        </ConfirmDialog>
      )}
    </Card>
  )
}
