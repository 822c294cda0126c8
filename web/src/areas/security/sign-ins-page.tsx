/** Who signed in, or tried to, from where. */
import type { SignInAnswer } from '../../../../src/api/sign-ins.ts'
import { usePages } from '../../shared/api/queries.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { SignInsTable } from './tables.tsx'
import { texts } from './texts.ts'

export default function SignInsPage() {
  const t = useTexts(texts)
  const pages = usePages<SignInAnswer>('/sign-ins')
  return (
    <Page title={t.signIns} description={t.signInsText} breadcrumbs={[{ label: t.title, href: '/security' }]}>
      <Card flush>
        <SignInsTable source={pages} />
      </Card>
    </Page>
  )
}
