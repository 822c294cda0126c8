/** One's own addresses, and where one's mail goes on to. */
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { DescriptionList } from '../../shared/ui/description-list.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import type { OwnAddresses } from './contract.ts'
import './directory.css'
import { ForwardCard } from './forward-card.tsx'
import { Lines } from './mailbox-addresses.tsx'

const texts = defineTexts({
  fr: {
    title: 'Adresses et transfert',
    addresses: 'Mes adresses',
    description: 'Votre courrier arrive sous chacune d’elles, et vous pouvez écrire avec chacune.',
    main: 'Adresse principale',
    names: 'Aussi en',
    aliases: 'Alias',
    groups: 'Groupes',
    shared: 'Boîtes mail partagées',
    readOnly: (address: string) => `${address} (lecture seule)`,
  },
  en: {
    title: 'Addresses and forwarding',
    addresses: 'My addresses',
    description: 'Your mail arrives under each of them, and you may write under each.',
    main: 'Main address',
    names: 'Also in',
    aliases: 'Aliases',
    groups: 'Groups',
    shared: 'Shared mailboxes',
    readOnly: address => `${address} (read only)`,
  },
})

export default function OwnAddressesPage() {
  const t = useTexts(texts)
  const resource = useResource<OwnAddresses>('/mailbox/addresses')
  return (
    <Page narrow title={t.title}>
      <Await resource={resource}>
        {own => (
          <div className="stack">
            <Card title={t.addresses} description={t.description}>
              <DescriptionList
                items={[
                  { term: t.main, value: own.address },
                  own.domainAliases.length > 0 && {
                    term: t.names,
                    value: <Lines of={own.domainAliases.map(name => `@${name}`)} />,
                  },
                  own.aliases.length > 0 && { term: t.aliases, value: <Lines of={own.aliases} /> },
                  own.groups.length > 0 && {
                    term: t.groups,
                    value: (
                      <Lines of={own.groups.map(({ name, address }) => (name ? `${name} (${address})` : address))} />
                    ),
                  },
                  own.shared.length > 0 && {
                    term: t.shared,
                    value: (
                      <Lines of={own.shared.map(({ address, maySend }) => (maySend ? address : t.readOnly(address)))} />
                    ),
                  },
                ]}
              />
            </Card>
            <ForwardCard
              key={JSON.stringify(own.forward)}
              forward={own.forward}
              path="/mailbox/forward"
              changed={() => invalidate('/mailbox')}
            />
          </div>
        )}
      </Await>
    </Page>
  )
}
