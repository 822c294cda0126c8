/** What became of what one's own mailbox sent and got. */
import { useTexts } from '../../shared/texts/texts.ts'
import { SearchPage } from './search-page.tsx'
import { texts } from './texts.ts'

export default function OwnTracesPage() {
  const t = useTexts(texts)
  return <SearchPage path="/mailbox/traces" description={t.ownText} />
}
