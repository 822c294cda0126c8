/** Aliases and groups of all domains. */
import { Plus, SearchX, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { invalidate, usePages } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useEveryDomain } from '../../shared/domains/every-domain.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Badge } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { SearchField } from '../../shared/ui/search-field.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import { AliasDialog } from './alias-dialog.tsx'
import { type Alias, aliasPath } from './contract.ts'
import './directory.css'
import { readableName } from '../../shared/texts/readable-name.ts'

const texts = defineTexts({
  fr: {
    title: 'Alias et groupes',
    create: 'Nouvel alias ou groupe',
    search: 'Chercher une adresse, un nom ou une destination',
    domain: 'Domaine',
    allDomains: 'Tous les domaines',
    kind: 'Type',
    all: 'Tous',
    alias: 'Alias',
    group: 'Groupe',
    address: 'Adresse',
    targets: 'Mène à',
    more: (first: string, count: number) => `${first} et ${count} de plus`,
    change: 'Modifier',
    remove: 'Supprimer',
    question: (address: string) => `Supprimer ${address} ?`,
    text: 'Les messages envoyés à cette adresse seront refusés.',
    none: 'Aucun alias ni groupe',
    noneText: 'Un alias est une autre adresse de quelqu’un ; un groupe, une liste de personnes.',
    nothing: 'Aucun résultat',
  },
  en: {
    title: 'Aliases and groups',
    create: 'New alias or group',
    search: 'Search for an address, a name or a target',
    domain: 'Domain',
    allDomains: 'All domains',
    kind: 'Kind',
    all: 'All',
    alias: 'Alias',
    group: 'Group',
    address: 'Address',
    targets: 'Leads to',
    more: (first, count) => `${first} and ${count} more`,
    change: 'Change',
    remove: 'Remove',
    question: address => `Remove ${address}?`,
    text: 'Messages to this address will be refused.',
    none: 'No aliases or groups',
    noneText: 'An alias is another address of someone; a group, a list of people.',
    nothing: 'No results',
  },
})

/** Named in a row; the others are counted. */
const SHOWN = 3

export default function AliasesPage() {
  const t = useTexts(texts)
  const f = useFormat()
  const [query] = useSearchParams()
  const [domain, setDomain] = useState(query.get('domain') ?? '')
  const [kind, setKind] = useState<Alias['kind'] | ''>('')
  const [search, setSearch] = useState('')
  const [editing, setEditing] = useState<Alias | 'new' | null>(null)
  const [removing, setRemoving] = useState<Alias | null>(null)
  const domains = useEveryDomain()
  const pages = usePages<Alias>('/aliases', { domain: domain || null, kind: kind || null, search: search || null })
  const leadsTo = ({ targets }: Alias): string =>
    targets.length > SHOWN ? t.more(targets.slice(0, SHOWN).join(', '), targets.length - SHOWN) : f.list(targets)
  return (
    <Page
      title={t.title}
      actions={
        <Button kind="primary" icon={Plus} onClick={() => setEditing('new')}>
          {t.create}
        </Button>
      }
    >
      <div className="directory-filters">
        <SearchField label={t.search} value={search} onChange={setSearch} />
        <Select
          name="domain"
          label={t.domain}
          value={domain}
          onChange={setDomain}
          options={[
            { value: '', label: t.allDomains },
            ...(domains.data ?? []).map(({ name }) => ({ value: name, label: name })),
          ]}
        />
        <Select<Alias['kind'] | ''>
          name="kind"
          label={t.kind}
          value={kind}
          onChange={setKind}
          options={[
            { value: '', label: t.all },
            { value: 'alias', label: t.alias },
            { value: 'group', label: t.group },
          ]}
        />
      </div>
      <Card flush>
        <DataTable
          label={t.title}
          source={pages}
          rowKey={({ address }) => address}
          rowName={({ address }) => readableName(address)}
          columns={[
            {
              key: 'address',
              header: t.address,
              cell: alias => (
                <span className="directory-who">
                  <span>{readableName(alias.address)}</span>
                  {alias.name && <span className="muted">{alias.name}</span>}
                </span>
              ),
            },
            { key: 'kind', header: t.kind, narrow: true, cell: alias => <Badge>{t[alias.kind]}</Badge> },
            {
              key: 'targets',
              header: t.targets,
              cell: alias => <span className="directory-who">{leadsTo(alias)}</span>,
            },
          ]}
          actions={alias => [
            { label: t.change, onSelect: () => setEditing(alias) },
            { label: t.remove, danger: true, onSelect: () => setRemoving(alias) },
          ]}
          empty={
            domain || kind || search ? (
              <EmptyState icon={SearchX} title={t.nothing} />
            ) : (
              <EmptyState icon={UsersRound} title={t.none}>
                {t.noneText}
              </EmptyState>
            )
          }
        />
      </Card>
      {editing !== null && <AliasDialog alias={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={t.question(removing?.address ?? '')}
        confirm={t.remove}
        danger
        onConfirm={async () => {
          if (removing) await api.delete(aliasPath(removing.address))
          await Promise.all([invalidate('/aliases'), invalidate('/mailboxes')])
        }}
      >
        {t.text}
      </ConfirmDialog>
    </Page>
  )
}
