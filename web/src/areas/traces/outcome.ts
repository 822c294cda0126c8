/** What became of a message, in one colour and, for several recipients, in one line. */
import type { TraceAnswer } from '../../../../src/api/traces.ts'
import type { Tone } from '../../shared/ui/badge.tsx'

export type OutcomeKind = TraceAnswer['recipients'][number]['outcome']['kind']

/** Worst first: what a list shows of a message with several recipients. */
const tones: Record<OutcomeKind, Tone> = {
  bounced: 'danger',
  refused: 'danger',
  expired: 'danger',
  held: 'warning',
  waiting: 'info',
  dropped: 'neutral',
  gone: 'neutral',
  discarded: 'warning',
  junk: 'warning',
  folder: 'success',
  stored: 'success',
  delivered: 'success',
}
const ranks = Object.keys(tones)

export const toneOf = (kind: OutcomeKind): Tone => tones[kind]

/** How many recipients have each outcome, the worst first. */
export function countsOf({ recipients }: Pick<TraceAnswer, 'recipients'>): { kind: OutcomeKind; count: number }[] {
  const counts = new Map<OutcomeKind, number>()
  for (const { outcome } of recipients) counts.set(outcome.kind, (counts.get(outcome.kind) ?? 0) + 1)
  return [...counts]
    .map(([kind, count]) => ({ kind, count }))
    .sort((a, b) => ranks.indexOf(a.kind) - ranks.indexOf(b.kind))
}
