/** The rules of the whole service, for its staff. */
import { useTexts } from '../../shared/texts/texts.ts'
import { Page } from '../../shared/ui/page.tsx'
import { commonTexts } from './common-texts.ts'
import { CommonFiltersView } from './common-view.tsx'

export default function ServiceFiltersPage() {
  const t = useTexts(commonTexts)
  return (
    <Page
      narrow
      title={t.titleService}
      description={t.descriptionService}
      breadcrumbs={[{ label: t.service, href: '/service' }]}
    >
      <CommonFiltersView path="/service/script" isService />
    </Page>
  )
}
