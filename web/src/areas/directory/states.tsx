/** The state of a mailbox in a word, and what it means. */
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { StatusDot, type Tone } from '../../shared/ui/badge.tsx'
import type { Mailbox } from './contract.ts'

export type MailboxState = Mailbox['state']

export const stateTexts = defineTexts({
  fr: {
    active: 'Active',
    receiving: 'Réception seule',
    blocked: 'Bloquée',
    restricted: 'Restreinte',
    waiting: 'En attente',
  },
  en: {
    active: 'Active',
    receiving: 'Receives only',
    blocked: 'Blocked',
    restricted: 'Restricted',
    waiting: 'Waiting',
  },
})

const tones: Record<MailboxState, Tone> = {
  active: 'success',
  receiving: 'warning',
  blocked: 'danger',
  restricted: 'warning',
  waiting: 'info',
}

export function StateDot({ state }: { state: MailboxState }) {
  const t = useTexts(stateTexts)
  return <StatusDot tone={tones[state]}>{t[state]}</StatusDot>
}
