/** Mailboxes of all domains: the screen of the day for whoever manages them. */
import { AtSign, FileUp, Plus, SearchX } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { invalidate, usePages } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useEveryDomain } from '../../shared/domains/every-domain.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Badge } from '../../shared/ui/badge.tsx'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { type Column, DataTable, type Sort } from '../../shared/ui/data-table.tsx'
import { ConfirmDialog, Dialog } from '../../shared/ui/dialog.tsx'
import type { MenuItem } from '../../shared/ui/menu.tsx'
import { Meter } from '../../shared/ui/meter.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { SearchField } from '../../shared/ui/search-field.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { type IssuedLink, type Mailbox, mailboxPath } from './contract.ts'
import { CreateMailbox } from './create-mailbox.tsx'
import './directory.css'
import { readableName } from '../../shared/texts/readable-name.ts'
import { issueLink, LinkResult } from './link-result.tsx'
import { type MailboxState, StateDot, stateTexts } from './states.tsx'

const texts = defineTexts({
  fr: {
    title: 'Boîtes mail',
    create: 'Nouvelle boîte mail',
    import: 'Importer une liste',
    search: 'Chercher une adresse ou un nom',
    domain: 'Domaine',
    allDomains: 'Tous les domaines',
    state: 'État',
    allStates: 'Tous les états',
    almostFull: 'Presque pleines',
    address: 'Adresse',
    used: 'Occupation',
    space: 'Espace occupé',
    quota: 'Limite',
    unlimited: 'Sans limite',
    lastSignIn: 'Dernière connexion',
    shared: 'Partagée',
    forwarded: 'Transférée',
    none: 'Aucune boîte mail pour le moment',
    noneText: 'Créez la première, ou importez une liste depuis un tableur.',
    nothing: 'Aucune boîte mail ne correspond',
    nothingText: 'Essayez un autre mot, ou moins de filtres.',
    reset: 'Tout afficher',
    open: 'Ouvrir',
    link: 'Créer un lien d’accès',
    linkTitle: (address: string) => `Lien d’accès pour ${address}`,
    linkQuestion: (address: string) => `Créer un nouvel accès pour ${address} ?`,
    linkText: 'Un nouveau mot de passe est créé ; l’ancien ne fonctionne plus. Le lien le révèle une seule fois.',
    linkConfirm: 'Créer le lien',
    suspend: 'Suspendre (réception seule)',
    resume: 'Réactiver',
    suspended: (address: string) => `${address} reçoit encore, et n’envoie plus.`,
    resumed: (address: string) => `${address} est active.`,
    remove: 'Mettre à la corbeille',
    removeQuestion: (address: string) => `Mettre ${address} à la corbeille ?`,
    removeText:
      'Le courrier est conservé 30 jours. En attendant, la connexion est fermée et les messages reçus sont refusés.',
    removed: (address: string) => `${address} est dans la corbeille.`,
    undo: 'Annuler',
    close: 'Fermer',
  },
  en: {
    title: 'Mailboxes',
    create: 'New mailbox',
    import: 'Import a list',
    search: 'Search for an address or a name',
    domain: 'Domain',
    allDomains: 'All domains',
    state: 'State',
    allStates: 'All states',
    almostFull: 'Almost full',
    address: 'Address',
    used: 'Use',
    space: 'Space used',
    quota: 'Limit',
    unlimited: 'No limit',
    lastSignIn: 'Last sign-in',
    shared: 'Shared',
    forwarded: 'Forwarded',
    none: 'No mailboxes yet',
    noneText: 'Create the first, or import a list from a spreadsheet.',
    nothing: 'No mailbox matches',
    nothingText: 'Try another word, or fewer filters.',
    reset: 'Show all',
    open: 'Open',
    link: 'Make an access link',
    linkTitle: address => `Access link for ${address}`,
    linkQuestion: address => `Make a new access for ${address}?`,
    linkText: 'A new password is made; the old one ends. The link reveals it once.',
    linkConfirm: 'Make the link',
    suspend: 'Suspend (receives only)',
    resume: 'Reactivate',
    suspended: address => `${address} still receives, and no longer sends.`,
    resumed: address => `${address} is active.`,
    remove: 'Move to the bin',
    removeQuestion: address => `Move ${address} to the bin?`,
    removeText: 'Its mail is kept for 30 days. Meanwhile nobody signs in, and messages to it are refused.',
    removed: address => `${address} is in the bin.`,
    undo: 'Undo',
    close: 'Close',
  },
})

type StateFilter = MailboxState | '' | 'full'

export default function MailboxesPage() {
  const t = useTexts(texts)
  const states = useTexts(stateTexts)
  const f = useFormat()
  // In the address, so that a list can be sent to someone, and the back button works.
  const [query, setQuery] = useSearchParams()
  const domain = query.get('domain') ?? ''
  const search = query.get('search') ?? ''
  const filter = (query.get('state') ?? '') as StateFilter
  const sort: Sort = {
    by: query.get('sort') ?? 'address',
    direction: query.get('descending') === 'true' ? 'descending' : 'ascending',
  }
  const change = (changes: Record<string, string>): void =>
    setQuery(
      before => {
        const next = new URLSearchParams(before)
        for (const [name, value] of Object.entries(changes)) value === '' ? next.delete(name) : next.set(name, value)
        return next
      },
      { replace: true },
    )
  const isNarrowed = domain !== '' || search !== '' || filter !== ''
  const [creating, setCreating] = useState(query.get('new') === '1')
  const [removing, setRemoving] = useState<Mailbox | null>(null)
  const [linking, setLinking] = useState<Mailbox | null>(null)
  const [link, setLink] = useState<IssuedLink | null>(null)
  const domains = useEveryDomain()
  const pages = usePages<Mailbox>('/mailboxes', {
    domain: domain || null,
    search: search || null,
    state: filter === 'full' ? null : filter || null,
    almostFull: filter === 'full' ? true : null,
    sort: sort.by,
    descending: sort.direction === 'descending',
  })

  const suspend = async (mailbox: Mailbox, isOn: boolean): Promise<void> => {
    try {
      await api.patch(mailboxPath(mailbox.address), {
        signInEnabled: isOn,
        sendingEnabled: isOn,
        receivingEnabled: true,
      })
      showToast({ text: isOn ? t.resumed(mailbox.address) : t.suspended(mailbox.address) })
    } catch (error) {
      showToast({ kind: 'danger', text: error instanceof Error ? error.message : String(error) })
    }
    await invalidate('/mailboxes')
  }
  const restore = async (address: string): Promise<void> => {
    try {
      await api.post(`/bin/${encodeURIComponent(address)}/restore`)
    } catch (error) {
      showToast({ kind: 'danger', text: error instanceof Error ? error.message : String(error) })
    }
    await Promise.all([invalidate('/mailboxes'), invalidate('/bin'), invalidate('/domains')])
  }

  const columns: Column<Mailbox>[] = [
    {
      key: 'address',
      header: t.address,
      sortable: true,
      cell: mailbox => (
        <span className="directory-who">
          <span>{readableName(mailbox.address)}</span>
          {mailbox.name && <span className="muted">{mailbox.name}</span>}
        </span>
      ),
    },
    {
      key: 'state',
      header: t.state,
      cell: mailbox => (
        <span className="row">
          <StateDot state={mailbox.state} />
          {mailbox.kind === 'shared' && <Badge>{t.shared}</Badge>}
          {mailbox.forward && <Badge>{t.forwarded}</Badge>}
        </span>
      ),
    },
    {
      key: 'full',
      header: t.used,
      sortable: true,
      cell: mailbox => <Meter compact label={t.space} used={mailbox.usedBytes} total={mailbox.quotaBytes} />,
    },
    {
      key: 'quota',
      header: t.quota,
      sortable: true,
      align: 'end',
      wideOnly: true,
      cell: ({ quotaBytes }) => (
        <span className="nowrap">{quotaBytes === null ? t.unlimited : f.size(quotaBytes)}</span>
      ),
    },
    {
      key: 'lastSignIn',
      sentence: true,
      header: t.lastSignIn,
      cell: ({ lastSignInAt }) => f.relative(lastSignInAt),
    },
  ]
  const actions = (mailbox: Mailbox): (MenuItem | 'separator')[] => {
    const isOff = mailbox.state === 'receiving' || mailbox.state === 'blocked' || mailbox.state === 'restricted'
    return [
      { label: t.open, href: mailboxPath(mailbox.address) },
      ...(mailbox.kind === 'shared' ? [] : [{ label: t.link, onSelect: () => setLinking(mailbox) }]),
      { label: isOff ? t.resume : t.suspend, onSelect: () => void suspend(mailbox, isOff) },
      'separator',
      { label: t.remove, danger: true, onSelect: () => setRemoving(mailbox) },
    ]
  }

  return (
    <Page
      title={t.title}
      actions={
        <>
          <ButtonLink icon={FileUp} href="/mailboxes/import">
            {t.import}
          </ButtonLink>
          <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>
            {t.create}
          </Button>
        </>
      }
    >
      <div className="directory-filters">
        <SearchField label={t.search} value={search} onChange={value => change({ search: value })} />
        <Select
          name="domain"
          label={t.domain}
          value={domain}
          onChange={value => change({ domain: value })}
          options={[
            { value: '', label: t.allDomains },
            ...(domains.data ?? []).map(({ name }) => ({ value: name, label: name })),
          ]}
        />
        <Select<StateFilter>
          name="state"
          label={t.state}
          value={filter}
          onChange={value => change({ state: value })}
          options={[
            { value: '', label: t.allStates },
            ...(['active', 'waiting', 'receiving', 'restricted', 'blocked'] as const).map(value => ({
              value,
              label: states[value],
            })),
            { value: 'full', label: t.almostFull },
          ]}
        />
      </div>
      <Card flush>
        <DataTable
          label={t.title}
          columns={columns}
          source={pages}
          rowKey={({ address }) => address}
          rowName={({ address }) => readableName(address)}
          href={({ address }) => mailboxPath(address)}
          actions={actions}
          sort={sort}
          onSort={({ by, direction }) => change({ sort: by, descending: String(direction === 'descending') })}
          expected={8}
          empty={
            isNarrowed ? (
              <EmptyState
                icon={SearchX}
                title={t.nothing}
                action={<Button onClick={() => change({ domain: '', search: '', state: '' })}>{t.reset}</Button>}
              >
                {t.nothingText}
              </EmptyState>
            ) : (
              <EmptyState icon={AtSign} title={t.none}>
                {t.noneText}
              </EmptyState>
            )
          }
        />
      </Card>
      <CreateMailbox open={creating} onClose={() => setCreating(false)} {...(domain && { domain })} />
      <ConfirmDialog
        open={linking !== null}
        onClose={() => setLinking(null)}
        title={t.linkQuestion(linking?.address ?? '')}
        confirm={t.linkConfirm}
        onConfirm={async () => {
          if (linking) setLink(await issueLink(linking.address))
          void invalidate('/mailboxes')
        }}
      >
        {t.linkText}
      </ConfirmDialog>
      <Dialog
        open={link !== null}
        onClose={() => setLink(null)}
        title={t.linkTitle(link?.address ?? '')}
        footer={
          <Button kind="primary" onClick={() => setLink(null)}>
            {t.close}
          </Button>
        }
      >
        {link && <LinkResult link={link} />}
      </Dialog>
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={t.removeQuestion(removing?.address ?? '')}
        confirm={t.remove}
        danger
        onConfirm={async () => {
          if (!removing) return
          const { address } = removing
          await api.delete(mailboxPath(address))
          await Promise.all([invalidate('/mailboxes'), invalidate('/bin'), invalidate('/domains')])
          showToast({ text: t.removed(address), action: { label: t.undo, onSelect: () => void restore(address) } })
        }}
      >
        {t.removeText}
      </ConfirmDialog>
    </Page>
  )
}
