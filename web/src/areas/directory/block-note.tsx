/** Beside a limit that is set for good, which ends no block: that there is one, and where it is ended. */
import type { SendingGaugeAnswer } from '../../../../src/api/sending.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { ButtonLink } from '../../shared/ui/button.tsx'

const texts = defineTexts({
  fr: {
    title: (until: string) => `Envois bloqués jusqu’au ${until}`,
    text: 'Une nouvelle limite ne lève pas le blocage.',
    see: 'Voir le blocage',
  },
  en: {
    title: until => `Sending is blocked until ${until}`,
    text: 'A new limit does not end the block.',
    see: 'See the block',
  },
})

export function BlockNote({ path }: { path: string }) {
  const t = useTexts(texts)
  const f = useFormat()
  const until = useResource<SendingGaugeAnswer>(`${path}/sending`).data?.blockedUntil ?? null
  if (until === null) return null
  return (
    <Alert
      kind="warning"
      title={t.title(f.dateTime(until))}
      action={<ButtonLink href={`${path}/sending`}>{t.see}</ButtonLink>}
    >
      {t.text}
    </Alert>
  )
}
