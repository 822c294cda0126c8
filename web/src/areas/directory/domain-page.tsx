/** One domain: what it has, what new mailboxes get, what was sold of it, its other names, and its end. */
import { useState } from 'react'
import { useLocation, useParams } from 'wouter'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api, useSession } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { readableName } from '../../shared/texts/readable-name.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DescriptionList } from '../../shared/ui/description-list.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Meter } from '../../shared/ui/meter.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { type Domain, domainPath } from './contract.ts'
import './directory.css'
import { DomainAliases } from './domain-aliases.tsx'
import { DomainLimits } from './domain-limits.tsx'
import { DomainSelfService } from './domain-self-service.tsx'
import { DomainSettings } from './domain-settings.tsx'

const texts = defineTexts({
  fr: {
    domains: 'Domaines',
    mailboxes: 'Voir les boîtes mail',
    rules: 'Règles',
    sending: 'Envoi',
    facts: 'En bref',
    count: 'Boîtes mail',
    sold: 'Espace attribué',
    used: 'Espace occupé',
    created: 'Ajouté le',
    removal: 'Retirer le domaine',
    removalText:
      'Plus aucun message n’est reçu pour ce domaine ; ses alias et groupes sont supprimés. Il ne doit plus avoir de boîte mail, même dans la corbeille.',
    question: (name: string) => `Retirer ${name} ?`,
    removed: (name: string) => `${name} est retiré.`,
    number: (count: number) => String(count),
  },
  en: {
    domains: 'Domains',
    mailboxes: 'See the mailboxes',
    rules: 'Rules',
    sending: 'Sending',
    facts: 'In short',
    count: 'Mailboxes',
    sold: 'Space allotted',
    used: 'Space used',
    created: 'Added on',
    removal: 'Remove the domain',
    removalText:
      'No more messages are received for this domain; its aliases and groups are deleted. It must have no mailboxes any more, not even in the bin.',
    question: name => `Remove ${name}?`,
    removed: name => `${name} is removed.`,
    number: count => String(count),
  },
})

export default function DomainPage() {
  const t = useTexts(texts)
  const f = useFormat()
  const { domain: encoded = '' } = useParams<{ domain: string }>()
  const name = decodeURIComponent(encoded)
  const resource = useResource<Domain>(domainPath(name))
  const isStaff = useSession().principal.role === 'staff'
  return (
    <Page
      title={readableName(name)}
      breadcrumbs={[{ label: t.domains, href: '/domains' }]}
      actions={
        <>
          <ButtonLink href={`/domains/${encodeURIComponent(name)}/dns`}>DNS</ButtonLink>
          <ButtonLink href={`/domains/${encodeURIComponent(name)}/filters`}>{t.rules}</ButtonLink>
          <ButtonLink href={`/domains/${encodeURIComponent(name)}/sending`}>{t.sending}</ButtonLink>
          <ButtonLink href={`/mailboxes?domain=${name}`}>{t.mailboxes}</ButtonLink>
        </>
      }
    >
      <Await resource={resource}>
        {domain => (
          <div className="stack">
            <Card title={t.facts}>
              <div className="stack">
                <Meter label={t.count} used={domain.mailboxes} total={domain.maxMailboxes} format={f.number} />
                <Meter label={t.sold} used={domain.soldBytes} total={domain.quotaBytes} />
                <DescriptionList
                  items={[
                    { term: t.used, value: f.size(domain.usedBytes) },
                    { term: t.created, value: f.date(domain.createdAt) },
                  ]}
                />
              </div>
            </Card>
            <DomainSettings domain={domain} />
            <DomainSelfService name={domain.name} />
            <DomainLimits domain={domain} isStaff={isStaff} />
            <DomainAliases domain={domain} isStaff={isStaff} />
            {isStaff && <Removal domain={domain} />}
          </div>
        )}
      </Await>
    </Page>
  )
}

function Removal({ domain: { name } }: { domain: Domain }) {
  const t = useTexts(texts)
  const [, navigate] = useLocation()
  const [asking, setAsking] = useState(false)
  return (
    <Card tone="danger" title={t.removal} description={t.removalText}>
      <div>
        <Button kind="danger" onClick={() => setAsking(true)}>
          {t.removal}
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t.question(name)}
        confirm={t.removal}
        danger
        typeToConfirm={name}
        onConfirm={async () => {
          await api.delete(domainPath(name))
          showToast({ text: t.removed(name) })
          navigate('/domains')
          await invalidate('/domains')
        }}
      >
        {t.removalText}
      </ConfirmDialog>
    </Card>
  )
}
