/** Messages, the plain answer first. */
import { MailSearch } from 'lucide-react'
import type { TraceAnswer } from '../../../../src/api/traces.ts'
import type { Pages } from '../../shared/api/queries.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Badge } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import { countsOf, toneOf } from './outcome.ts'
import { texts } from './texts.ts'
import './traces.css'
import { viewTexts } from './view-texts.ts'

/** `path`: where a message's page is, without its number. */
export function TraceTable({
  path,
  source,
  subjects,
}: {
  path: string
  source: Pages<TraceAnswer> | readonly TraceAnswer[]
  subjects?: boolean
}) {
  const t = useTexts(texts)
  const f = useFormat()
  return (
    <DataTable
      label={t.results}
      source={source}
      rowKey={({ traceId }) => traceId}
      href={({ traceId }) => `${path}/${traceId}`}
      empty={<NothingFound source={source} />}
      columns={[
        { key: 'result', header: t.result, cell: trace => <Result trace={trace} /> },
        { key: 'from', header: t.from, cell: ({ from }) => from || t.report },
        { key: 'to', header: t.to, cell: trace => recipientsText(trace, t) },
        ...(subjects ? [{ key: 'subject', header: t.subject, cell: ({ subject }: TraceAnswer) => subject ?? '' }] : []),
        { key: 'when', header: t.when, narrow: true, cell: ({ at }) => f.dateTime(at) },
      ]}
    />
  )
}

export function recipientsText(
  { recipients, recipientCount }: TraceAnswer,
  t: { several(first: string, others: number): string; recipients(count: number): string },
): string {
  const first = recipients[0]?.address
  if (first === undefined) return t.recipients(recipientCount)
  return recipientCount > 1 ? t.several(first, recipientCount - 1) : first
}

function Result({ trace }: { trace: TraceAnswer }) {
  const t = useTexts(texts)
  const words = useTexts(viewTexts)
  const { recipients, recipientCount } = trace
  const counts = countsOf(trace)
  const only = counts.length === 1 ? recipients[0] : undefined
  return (
    <div className="trace-result">
      <div className="row">
        {counts.map(({ kind, count }) => (
          <Badge key={kind} tone={toneOf(kind)}>
            {words.states[kind]}
            {counts.length > 1 && `\u00a0× ${count}`}
          </Badge>
        ))}
      </div>
      <span className="trace-result-text">
        {only && recipientCount === 1
          ? only.text
          : recipientCount > recipients.length
            ? `${t.recipients(recipientCount)}, ${t.firstOnes(recipients.length)} ${only?.text ?? ''}`
            : (only?.text ?? t.recipients(recipientCount))}
      </span>
    </div>
  )
}

/** The service looks at so many messages for one answer: what is empty may go on. */
function NothingFound({ source }: { source: Pages<TraceAnswer> | readonly TraceAnswer[] }) {
  const t = useTexts(texts)
  const more = 'more' in source ? source.more : null
  if (more)
    return (
      <EmptyState
        icon={MailSearch}
        title={t.emptySoFar}
        action={
          <Button busy={more.busy} onClick={more.load}>
            {t.goOn}
          </Button>
        }
      />
    )
  return (
    <EmptyState icon={MailSearch} title={t.none}>
      {t.noneText}
    </EmptyState>
  )
}
