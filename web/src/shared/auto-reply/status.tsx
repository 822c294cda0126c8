/** What state an auto-reply is in: a word for a badge, a sentence with its day. */
import type { AutoReplyAnswer } from '../../../../src/api/auto-reply.ts'
import { useLanguage } from '../texts/language.ts'
import { useTexts } from '../texts/texts.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { texts } from './texts.ts'

const tones: Record<AutoReplyAnswer['state'], Tone> = {
  off: 'neutral',
  active: 'success',
  scheduled: 'info',
  ended: 'warning',
}

export function AutoReplyBadge({ state }: Pick<AutoReplyAnswer, 'state'>) {
  const t = useTexts(texts)
  return <Badge tone={tones[state]}>{t[state]}</Badge>
}

/** “Active jusqu’au vendredi 4 décembre inclus.” The days have no time zone: they are those that were chosen. */
export function useStatusText({ state, fromDay, untilDay }: Pick<AutoReplyAnswer, 'state' | 'fromDay' | 'untilDay'>) {
  const t = useTexts(texts)
  const language = useLanguage()
  const day = (isoDay: string): string =>
    new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      timeZone: 'UTC',
      ...(isoDay.startsWith(String(new Date().getFullYear())) ? {} : { year: 'numeric' }),
    }).format(Date.parse(`${isoDay}T00:00:00Z`))
  if (state === 'scheduled' && fromDay !== null) return t.statusFrom(day(fromDay))
  if (state === 'ended' && untilDay !== null) return t.statusEnded(day(untilDay))
  if (state === 'active') return untilDay === null ? t.statusActive : t.statusUntil(day(untilDay))
  return t.statusOff
}
