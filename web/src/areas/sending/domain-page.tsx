/** How much all mailboxes of a domain sent within the hour, for who manages it; staff raise its limit and unblock it. */
import { useParams } from 'wouter'
import { useSession } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Page } from '../../shared/ui/page.tsx'
import { isStaff } from '../area.ts'
import { GaugeCard } from './gauge-card.tsx'
import { texts } from './texts.ts'

export default function DomainSendingPage() {
  const t = useTexts(texts)
  const { principal } = useSession()
  const { domain = '' } = useParams<{ domain: string }>()
  const path = `/domains/${encodeURIComponent(domain)}`
  return (
    <Page
      narrow
      title={t.title}
      description={t.descriptionOfDomain(domain)}
      breadcrumbs={[
        { label: t.domains, href: '/domains' },
        { label: domain, href: path },
      ]}
    >
      <GaugeCard key={domain} path={path} control={isStaff(principal)} />
    </Page>
  )
}
