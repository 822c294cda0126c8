import type { LinkAnswer } from '../../../../src/api/credential-links.ts'
import { texts } from '../../shared/links/texts.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { StatusDot, type Tone } from '../../shared/ui/badge.tsx'

const tones: Record<LinkAnswer['state'], Tone> = {
  waiting: 'info',
  revealed: 'success',
  expired: 'warning',
  revoked: 'neutral',
}

export function LinkState({ state }: { state: LinkAnswer['state'] }) {
  const t = useTexts(texts)
  return <StatusDot tone={tones[state]}>{t.states[state]}</StatusDot>
}
