/** What became of messages: of the domains one manages, or all. */
import { Radio } from 'lucide-react'
import { useSession } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { isStaff } from '../area.ts'
import { SearchPage } from './search-page.tsx'
import { texts } from './texts.ts'

export default function TracesPage() {
  const t = useTexts(texts)
  const { principal } = useSession()
  const all = isStaff(principal)
  return (
    <SearchPage
      path="/traces"
      description={all ? t.serviceText : t.domainsText}
      actions={
        all && (
          <ButtonLink href="/traces/live" icon={Radio}>
            {t.live}
          </ButtonLink>
        )
      }
    />
  )
}
