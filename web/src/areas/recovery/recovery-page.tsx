import { useTexts } from '../../shared/texts/texts.ts'
import { Page } from '../../shared/ui/page.tsx'
import { RecoveryCard } from './recovery-card.tsx'
import { texts } from './texts.ts'

export default function RecoveryPage() {
  const t = useTexts(texts)
  return (
    <Page narrow title={t.title}>
      <RecoveryCard />
    </Page>
  )
}
