import { RecoveryCard } from '../../shared/recovery/recovery-card.tsx'
import { texts } from '../../shared/recovery/texts.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Page } from '../../shared/ui/page.tsx'

export default function RecoveryPage() {
  const t = useTexts(texts)
  return (
    <Page narrow title={t.title}>
      <RecoveryCard />
    </Page>
  )
}
