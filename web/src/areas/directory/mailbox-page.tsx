/** One mailbox, in parts: what it is, what leads to it, who reads it, what is on, and its end. */
import { useLocation } from 'wouter'
import { useAddressParam } from '../../shared/address-param.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useSession } from '../../shared/api/session.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { LinkTabs } from '../../shared/ui/tabs.tsx'
import { type MailboxDetails, mailboxPath } from './contract.ts'
import './directory.css'
import { readableName } from '../../shared/texts/readable-name.ts'
import { MailboxAccess } from './mailbox-access.tsx'
import { MailboxAddresses } from './mailbox-addresses.tsx'
import { MailboxMembers } from './mailbox-members.tsx'
import { MailboxOverview } from './mailbox-overview.tsx'
import { MailboxRemoval } from './mailbox-removal.tsx'
import { StateDot } from './states.tsx'

const texts = defineTexts({
  fr: {
    mailboxes: 'Boîtes mail',
    parts: 'Parties de la boîte mail',
    overview: 'Vue d’ensemble',
    addresses: 'Adresses et transfert',
    members: 'Membres',
    access: 'Accès',
    autoReply: 'Réponse automatique',
    filters: 'Filtres',
    sending: 'Envoi',
    removal: 'Suppression',
    fixed: 'Cette boîte mail appartient à un gestionnaire ou à un administrateur : seule l’assistance la modifie.',
  },
  en: {
    mailboxes: 'Mailboxes',
    parts: 'Parts of the mailbox',
    overview: 'Overview',
    addresses: 'Addresses and forwarding',
    members: 'Members',
    access: 'Access',
    autoReply: 'Auto-reply',
    filters: 'Filters',
    sending: 'Sending',
    removal: 'Removal',
    fixed: 'This mailbox belongs to a manager or to staff: support alone changes it.',
  },
})

export default function MailboxPage() {
  const t = useTexts(texts)
  const address = useAddressParam()
  const [location] = useLocation()
  const path = mailboxPath(address)
  const part = location.slice(location.lastIndexOf('/') + 1)
  const resource = useResource<MailboxDetails>(path)
  const isShared = resource.data?.kind === 'shared'
  const isStaff = useSession().principal.role === 'staff'
  // What belongs to a manager or to staff is for staff to change: others see it.
  const isFixed = !isStaff && resource.data !== undefined && resource.data.role !== 'owner'
  return (
    <Page
      title={readableName(address)}
      breadcrumbs={[{ label: t.mailboxes, href: '/mailboxes' }]}
      description={resource.data && <StateDot state={resource.data.state} />}
    >
      <LinkTabs
        label={t.parts}
        tabs={[
          { href: path, label: t.overview },
          { href: `${path}/addresses`, label: t.addresses },
          ...(isShared ? [{ href: `${path}/members`, label: t.members }] : []),
          { href: `${path}/access`, label: t.access },
          ...(isFixed
            ? []
            : [
                { href: `${path}/auto-reply`, label: t.autoReply },
                { href: `${path}/filters`, label: t.filters },
              ]),
          { href: `${path}/sending`, label: t.sending },
          ...(isFixed ? [] : [{ href: `${path}/removal`, label: t.removal }]),
        ]}
      />
      {isFixed && <Alert>{t.fixed}</Alert>}
      <Await resource={resource}>
        {mailbox =>
          part === 'addresses' ? (
            <MailboxAddresses mailbox={mailbox} />
          ) : part === 'members' ? (
            <MailboxMembers mailbox={mailbox} />
          ) : part === 'access' ? (
            <MailboxAccess mailbox={mailbox} isFixed={isFixed} />
          ) : part === 'removal' && !isFixed ? (
            <MailboxRemoval mailbox={mailbox} />
          ) : (
            <MailboxOverview mailbox={mailbox} isFixed={isFixed} />
          )
        }
      </Await>
    </Page>
  )
}
