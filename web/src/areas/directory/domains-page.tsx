/** Domains: what each has, and may have. */
import { Globe, Plus, SearchX } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { invalidate, usePages } from '../../shared/api/queries.ts'
import { api, useSession } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { StatusDot } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { SearchField } from '../../shared/ui/search-field.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { type Domain, domainPath } from './contract.ts'
import './directory.css'
import { readableName } from '../../shared/texts/readable-name.ts'

const texts = defineTexts({
  fr: {
    title: 'Domaines',
    add: 'Ajouter un domaine',
    search: 'Chercher un domaine',
    domain: 'Domaine',
    mailboxes: 'Boîtes mail',
    used: 'Espace occupé',
    sold: 'Espace attribué',
    state: 'État',
    ok: 'En ordre',
    almostFull: 'Presque plein',
    full: 'Complet',
    of: (a: string, b: string) => `${a} sur ${b}`,
    none: 'Aucun domaine',
    noneText: 'Ajoutez le premier : ses boîtes mail viendront ensuite.',
    nothing: 'Aucun domaine ne correspond',
    name: 'Nom de domaine',
    nameHint: 'Par exemple example.org. Ses enregistrements DNS vous seront indiqués ensuite.',
    missing: 'Indiquez un nom de domaine.',
  },
  en: {
    title: 'Domains',
    add: 'Add a domain',
    search: 'Search for a domain',
    domain: 'Domain',
    mailboxes: 'Mailboxes',
    used: 'Space used',
    sold: 'Space allotted',
    state: 'State',
    ok: 'In order',
    almostFull: 'Almost full',
    full: 'Full',
    of: (a, b) => `${a} of ${b}`,
    none: 'No domains',
    noneText: 'Add the first: its mailboxes come next.',
    nothing: 'No domain matches',
    name: 'Domain name',
    nameHint: 'For instance example.org. Its DNS records are told to you afterwards.',
    missing: 'Give a domain name.',
  },
})

/** How near the domain is to what it may have. */
export function fullness({ mailboxes, maxMailboxes, soldBytes, quotaBytes }: Domain): number {
  const ofMailboxes = maxMailboxes === null ? 0 : maxMailboxes === 0 ? 1 : mailboxes / maxMailboxes
  return Math.max(ofMailboxes, quotaBytes === null ? 0 : soldBytes / quotaBytes)
}

export default function DomainsPage() {
  const t = useTexts(texts)
  const f = useFormat()
  const { principal } = useSession()
  const [search, setSearch] = useState('')
  const [adding, setAdding] = useState(false)
  const pages = usePages<Domain>('/domains', { search: search || null })
  const isStaff = principal.role === 'staff'
  return (
    <Page
      title={t.title}
      actions={
        isStaff && (
          <Button kind="primary" icon={Plus} onClick={() => setAdding(true)}>
            {t.add}
          </Button>
        )
      }
    >
      <SearchField label={t.search} value={search} onChange={setSearch} />
      <Card flush>
        <DataTable
          label={t.title}
          source={pages}
          rowKey={({ name }) => name}
          href={({ name }) => domainPath(name)}
          columns={[
            {
              key: 'name',
              header: t.domain,
              cell: domain => (
                <span className="directory-who">
                  <span>{readableName(domain.name)}</span>
                  {domain.aliases.length > 0 && (
                    <span className="muted">{domain.aliases.map(readableName).join(', ')}</span>
                  )}
                </span>
              ),
            },
            {
              key: 'mailboxes',
              header: t.mailboxes,
              align: 'end',
              cell: ({ mailboxes, maxMailboxes }) =>
                maxMailboxes === null ? f.number(mailboxes) : t.of(f.number(mailboxes), f.number(maxMailboxes)),
            },
            { key: 'used', header: t.used, align: 'end', cell: ({ usedBytes }) => f.size(usedBytes) },
            {
              key: 'sold',
              header: t.sold,
              align: 'end',
              cell: ({ soldBytes, quotaBytes }) =>
                quotaBytes === null ? f.size(soldBytes) : t.of(f.size(soldBytes), f.size(quotaBytes)),
            },
            {
              key: 'state',
              header: t.state,
              cell: domain => {
                const share = fullness(domain)
                if (share >= 1) return <StatusDot tone="danger">{t.full}</StatusDot>
                if (share >= 0.9) return <StatusDot tone="warning">{t.almostFull}</StatusDot>
                return <StatusDot tone="success">{t.ok}</StatusDot>
              },
            },
          ]}
          empty={
            search === '' ? (
              <EmptyState icon={Globe} title={t.none}>
                {isStaff && t.noneText}
              </EmptyState>
            ) : (
              <EmptyState icon={SearchX} title={t.nothing} />
            )
          }
        />
      </Card>
      <Dialog open={adding} onClose={() => setAdding(false)} title={t.add}>
        <AddDomain />
      </Dialog>
    </Page>
  )
}

function AddDomain() {
  const t = useTexts(texts)
  const [, navigate] = useLocation()
  const form = useForm({
    initial: { name: '' },
    check: values => ({ name: values.name.trim() === '' ? t.missing : undefined }),
    async submit({ name }) {
      const domain = await api.post<Domain>('/domains', { name: name.trim() })
      void invalidate('/domains')
      navigate(domainPath(domain.name))
    },
  })
  return (
    <Form form={form} submit={t.add} wide>
      <TextField
        {...form.field('name')}
        label={t.name}
        hint={t.nameHint}
        required
        autoFocus
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
      />
    </Form>
  )
}
