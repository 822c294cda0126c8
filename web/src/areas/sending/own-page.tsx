/** What goes for all that one's own mailbox sends. */
import { useTexts } from '../../shared/texts/texts.ts'
import { Page } from '../../shared/ui/page.tsx'
import { GaugeCard } from './gauge-card.tsx'
import { SendingForms } from './sending-forms.tsx'
import { texts } from './texts.ts'

export default function OwnSendingPage() {
  const t = useTexts(texts)
  return (
    <Page narrow title={t.title} description={t.description}>
      <GaugeCard path="" control={false} />
      <SendingForms path="" />
    </Page>
  )
}
