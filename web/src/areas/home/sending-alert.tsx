/** Said before all else where nothing that the owner sends leaves: the staff have to look at it first, or the hour's limit was passed. */
import type { SendingGaugeAnswer } from '../../../../src/api/sending.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { texts } from './texts.ts'

export function SendingAlert() {
  const t = useTexts(texts)
  const f = useFormat()
  const { data } = useResource<SendingGaugeAnswer>('/mailbox/sending')
  const action = <ButtonLink href="/sending">{t.sendingSee}</ButtonLink>
  if (data?.held)
    return (
      <Alert kind="warning" title={t.sendingHeld} action={action}>
        {t.sendingHeldText}
      </Alert>
    )
  if (data?.blockedUntil)
    return (
      <Alert kind="danger" title={t.sendingBlocked(f.dateTime(data.blockedUntil))} action={action}>
        {t.sendingBlockedText}
      </Alert>
    )
  return null
}
