/** Under which addresses mail comes to a mailbox, and where it goes on to. */
import { invalidate } from '../../shared/api/queries.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DescriptionList } from '../../shared/ui/description-list.tsx'
import { type MailboxDetails, mailboxPath } from './contract.ts'
import { ForwardCard } from './forward-card.tsx'

const texts = defineTexts({
  fr: {
    title: 'Adresses',
    main: 'Adresse principale',
    names: 'Aussi en',
    aliases: 'Alias',
    groups: 'Membre des groupes',
    none: 'Aucun',
    manage: 'Gérer les alias et groupes',
  },
  en: {
    title: 'Addresses',
    main: 'Main address',
    names: 'Also in',
    aliases: 'Aliases',
    groups: 'Member of the groups',
    none: 'None',
    manage: 'Manage aliases and groups',
  },
})

export function MailboxAddresses({ mailbox }: { mailbox: MailboxDetails }) {
  const t = useTexts(texts)
  const ofKind = (kind: 'alias' | 'group') =>
    mailbox.aliases.filter(alias => alias.kind === kind).map(({ address }) => address)
  return (
    <div className="stack">
      <Card title={t.title} actions={<ButtonLink href={`/aliases?domain=${mailbox.domain}`}>{t.manage}</ButtonLink>}>
        <DescriptionList
          items={[
            { term: t.main, value: mailbox.address },
            mailbox.domainAliases.length > 0 && {
              term: t.names,
              value: <Lines of={mailbox.domainAliases.map(name => `@${name}`)} />,
            },
            { term: t.aliases, value: <Lines of={ofKind('alias')} otherwise={t.none} /> },
            { term: t.groups, value: <Lines of={ofKind('group')} otherwise={t.none} /> },
          ]}
        />
      </Card>
      <ForwardCard
        key={JSON.stringify(mailbox.forward)}
        forward={mailbox.forward}
        path={`${mailboxPath(mailbox.address)}/forward`}
        changed={() => invalidate('/mailboxes')}
      />
    </div>
  )
}

export function Lines({ of, otherwise = '' }: { of: readonly string[]; otherwise?: string }) {
  if (of.length === 0) return <span className="muted">{otherwise}</span>
  return (
    <ul className="directory-targets">
      {of.map(line => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
