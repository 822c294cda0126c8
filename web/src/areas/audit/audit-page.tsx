/** The audit log: staff see all of it, managers their domains, owners what concerns them. */
import { ScrollText } from 'lucide-react'
import { useState } from 'react'
import type { AuditEntryAnswer } from '../../../../src/api/audit.ts'
import { usePages } from '../../shared/api/queries.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { breakable, DataTable } from '../../shared/ui/data-table.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { SearchField } from '../../shared/ui/search-field.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import { DateField } from '../../shared/ui/text-field.tsx'
import { actionText, actionTexts } from './action-texts.ts'
import { Change } from './change.tsx'
import { texts } from './texts.ts'

const DAY_MS = 86_400_000

export default function AuditPage() {
  const t = useTexts(texts)
  const format = useFormat()
  const [search, setSearch] = useState('')
  const [noun, setNoun] = useState('')
  const [since, setSince] = useState('')
  const [until, setUntil] = useState('')
  const isFiltered = search !== '' || noun !== '' || since !== '' || until !== ''
  const source = usePages<AuditEntryAnswer>('/audit', {
    search: search || null,
    action: noun === '' ? null : `${noun}.`,
    since: dayStart(since),
    until: until === '' ? null : (dayStart(until) ?? 0) + DAY_MS,
  })
  const actions = useTexts(actionTexts)
  const actorText = ({ actor }: AuditEntryAnswer): string =>
    actor === 'command-line' ? t.commandLine : actor === 'service' ? t.service : actor
  return (
    <Page title={t.title} description={t.description}>
      <div className="filters">
        <SearchField value={search} onChange={setSearch} label={t.search} />
        <Select
          name="about"
          label={t.about}
          value={noun}
          onChange={setNoun}
          options={[
            { value: '', label: t.all },
            ...Object.entries(actions.nouns)
              .map(([value, label]) => ({ value, label }))
              .toSorted((a, b) => format.compare(a.label, b.label)),
          ]}
        />
        <DateField name="since" label={t.since} value={since} onChange={setSince} max={until || undefined} />
        <DateField name="until" label={t.until} value={until} onChange={setUntil} min={since || undefined} />
      </div>
      <Card flush>
        <DataTable
          label={t.title}
          source={source}
          rowKey={({ auditId }) => auditId}
          columns={[
            { key: 'when', header: t.when, narrow: true, cell: ({ at }) => format.dateTime(at) },
            {
              key: 'who',
              header: t.who,
              cell: entry => (
                <>
                  {breakable(actorText(entry))}
                  {entry.actorRole !== 'system' && (
                    <div className="muted">{entry.remoteAddress || t.via[entry.via]}</div>
                  )}
                </>
              ),
            },
            { key: 'what', header: t.what, cell: ({ action }) => actionText(action, actions) },
            { key: 'target', header: t.target, cell: ({ target }) => breakable(target) },
            { key: 'change', header: t.change, cell: entry => <Change before={entry.before} after={entry.after} /> },
          ]}
          empty={<EmptyState icon={ScrollText} title={isFiltered ? t.emptyFiltered : t.empty} />}
        />
      </Card>
    </Page>
  )
}

/** The beginning of a day written `2026-12-04`, here. */
function dayStart(day: string): number | null {
  return day === '' ? null : new Date(`${day}T00:00:00`).getTime()
}
