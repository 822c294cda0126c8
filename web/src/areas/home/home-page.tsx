/** The first page: the mailbox at a glance. */
import { useSession } from '../../shared/api/session.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Page } from '../../shared/ui/page.tsx'

const texts = defineTexts({
  fr: {
    title: 'Accueil',
    greeting: (name: string) => `Bonjour ${name}`,
    greetingNobody: 'Bonjour',
  },
  en: {
    title: 'Home',
    greeting: name => `Hello ${name}`,
    greetingNobody: 'Hello',
  },
})

export default function HomePage() {
  const t = useTexts(texts)
  const { principal } = useSession()
  return (
    <Page
      title={t.title}
      heading={principal.name ? t.greeting(principal.name) : t.greetingNobody}
      description={principal.address}
    />
  )
}
