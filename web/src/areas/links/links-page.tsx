/** All links, with what became of them. */
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import type { LinkAnswer } from '../../../../src/api/credential-links.ts'
import { usePages } from '../../shared/api/queries.ts'
import { IssueAgainDialog } from '../../shared/links/issue-again-dialog.tsx'
import { IssueLinkDialog } from '../../shared/links/issue-link-dialog.tsx'
import { texts } from '../../shared/links/texts.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { SearchField } from '../../shared/ui/search-field.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import { LinkState } from './link-state.tsx'
import { RevokeDialog } from './revoke-dialog.tsx'

const states = ['waiting', 'revealed', 'expired', 'revoked'] as const

export default function LinksPage() {
  const t = useTexts(texts)
  const format = useFormat()
  const [search, setSearch] = useState('')
  const [state, setState] = useState<'' | (typeof states)[number]>('')
  const [making, setMaking] = useState(false)
  const [again, setAgain] = useState<LinkAnswer | null>(null)
  const [revoking, setRevoking] = useState<LinkAnswer | null>(null)
  const source = usePages<LinkAnswer>('/credential-links', { search: search || null, state: state || null })
  const create = (
    <Button kind="primary" icon={Plus} onClick={() => setMaking(true)}>
      {t.create}
    </Button>
  )
  return (
    <Page title={t.title} description={t.description} actions={create}>
      <div className="filters">
        <SearchField value={search} onChange={setSearch} label={t.search} />
        <Select<'' | (typeof states)[number]>
          name="state"
          label={t.state}
          value={state}
          onChange={setState}
          options={[{ value: '' as const, label: t.all }, ...states.map(value => ({ value, label: t.states[value] }))]}
        />
      </div>
      <Card flush>
        <DataTable
          label={t.title}
          source={source}
          rowKey={({ linkId }) => linkId}
          rowName={({ address }) => address}
          href={({ linkId }) => `/links/${linkId}`}
          columns={[
            { key: 'address', header: t.address, cell: ({ address }) => address },
            { key: 'state', narrow: true, header: t.state, cell: link => <LinkState state={link.state} /> },
            {
              key: 'opened',
              sentence: true,
              header: t.opened,
              cell: ({ openedCount, openedAt }) =>
                openedCount === 0 ? t.never : t.openedTimes(openedCount, format.relative(openedAt)),
            },
            {
              key: 'created',
              sentence: true,
              header: t.created,
              wideOnly: true,
              cell: ({ createdAt, createdBy }) => t.createdBy(createdBy, format.relative(createdAt)),
            },
            {
              key: 'ends',
              sentence: true,
              header: t.ends,
              cell: link =>
                link.revealedAt === null
                  ? t.until(format.dateTime(link.expiresAt))
                  : t.revealedAt(format.relative(link.revealedAt)),
            },
          ]}
          actions={link => [
            { label: t.again, onSelect: () => setAgain(link) },
            ...(link.state === 'waiting' ? [{ label: t.revoke, danger: true, onSelect: () => setRevoking(link) }] : []),
          ]}
          empty={
            <EmptyState icon={KeyRound} title={t.empty}>
              {t.emptyText}
            </EmptyState>
          }
        />
      </Card>
      <IssueLinkDialog open={making} onClose={() => setMaking(false)} />
      {again && <IssueAgainDialog link={again} onClose={() => setAgain(null)} />}
      <RevokeDialog link={revoking} onClose={() => setRevoking(null)} />
    </Page>
  )
}
