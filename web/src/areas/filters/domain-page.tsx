/** The rules of a domain, for who manages it. */
import { useParams } from 'wouter'
import { useTexts } from '../../shared/texts/texts.ts'
import { Page } from '../../shared/ui/page.tsx'
import { commonTexts } from './common-texts.ts'
import { CommonFiltersView } from './common-view.tsx'

export default function DomainFiltersPage() {
  const t = useTexts(commonTexts)
  const { domain = '' } = useParams<{ domain: string }>()
  const path = `/domains/${encodeURIComponent(domain)}`
  return (
    <Page
      narrow
      title={t.titleDomain}
      description={t.descriptionDomain(domain)}
      breadcrumbs={[
        { label: t.domains, href: '/domains' },
        { label: domain, href: path },
      ]}
    >
      <CommonFiltersView key={domain} path={`${path}/script`} isService={false} />
    </Page>
  )
}
