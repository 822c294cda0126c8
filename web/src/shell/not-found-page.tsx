import { Compass } from 'lucide-react'
import { useTexts } from '../shared/texts/texts.ts'
import { ButtonLink } from '../shared/ui/button.tsx'
import { Page } from '../shared/ui/page.tsx'
import { EmptyState } from '../shared/ui/states.tsx'
import { texts } from './texts.ts'

export function NotFoundPage() {
  const t = useTexts(texts)
  return (
    <Page title={t.notFound}>
      <EmptyState icon={Compass} title={t.notFoundText} action={<ButtonLink href="/">{t.home}</ButtonLink>} />
    </Page>
  )
}
