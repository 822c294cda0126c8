/** The filters of one's own mailbox. */
import { useTexts } from '../../shared/texts/texts.ts'
import { Page } from '../../shared/ui/page.tsx'
import { FiltersView } from './filters-view.tsx'
import { texts } from './texts.ts'

export default function OwnFiltersPage() {
  const t = useTexts(texts)
  return (
    <Page narrow title={t.title} description={t.description}>
      <FiltersView path="" />
    </Page>
  )
}
