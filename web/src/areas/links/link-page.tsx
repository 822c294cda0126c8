/** One link: whether it was sent, opened, revealed, from where. */
import { useState } from 'react'
import { useParams } from 'wouter'
import type { LinkAnswer } from '../../../../src/api/credential-links.ts'
import { useResource } from '../../shared/api/queries.ts'
import { IssueAgainDialog } from '../../shared/links/issue-again-dialog.tsx'
import { texts } from '../../shared/links/texts.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DescriptionList } from '../../shared/ui/description-list.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { LinkState } from './link-state.tsx'
import { RevokeDialog } from './revoke-dialog.tsx'

export default function LinkPage() {
  const t = useTexts(texts)
  const { linkId } = useParams<{ linkId: string }>()
  const resource = useResource<LinkAnswer>(`/credential-links/${linkId}`)
  const [again, setAgain] = useState(false)
  const [revoking, setRevoking] = useState<LinkAnswer | null>(null)
  return (
    <Page
      narrow
      title={resource.data?.address ?? t.title}
      breadcrumbs={[{ label: t.title, href: '/links' }]}
      actions={
        resource.data && (
          <>
            <Button onClick={() => setAgain(true)}>{t.again}</Button>
            {resource.data.state === 'waiting' && (
              <Button kind="danger-quiet" onClick={() => setRevoking(resource.data ?? null)}>
                {t.revoke}
              </Button>
            )}
          </>
        )
      }
    >
      <Await resource={resource}>{link => <Facts link={link} />}</Await>
      {again && resource.data && <IssueAgainDialog link={resource.data} onClose={() => setAgain(false)} />}
      <RevokeDialog link={revoking} onClose={() => setRevoking(null)} />
    </Page>
  )
}

function Facts({ link }: { link: LinkAnswer }) {
  const t = useTexts(texts)
  const format = useFormat()
  const seen = (at: number | null, from: string | null) =>
    at === null ? t.never : t.from(format.dateTime(at), from ?? '')
  return (
    <Card title={t.history} description={t.scanners}>
      <DescriptionList
        items={[
          { term: t.state, value: <LinkState state={link.state} /> },
          { term: t.created, value: t.createdBy(link.createdBy, format.dateTime(link.createdAt)) },
          { term: t.sent, value: link.sentTo ?? t.byHand },
          { term: t.hasCode, value: link.hasCode ? t.yes : t.no },
          { term: t.opened, value: seen(link.openedAt, link.openedAddress) },
          { term: t.states.revealed, value: seen(link.revealedAt, link.revealedAddress) },
          link.revokedAt !== null && { term: t.states.revoked, value: format.dateTime(link.revokedAt) },
          { term: t.ends, value: format.dateTime(link.expiresAt) },
        ]}
      />
    </Card>
  )
}
