/** What goes for all that a mailbox sends, for who manages its domain. */
import { useParams } from 'wouter'
import { useTexts } from '../../shared/texts/texts.ts'
import { Page } from '../../shared/ui/page.tsx'
import { SendingForms } from './sending-forms.tsx'
import { texts } from './texts.ts'

export default function MailboxSendingPage() {
  const t = useTexts(texts)
  const { address = '' } = useParams<{ address: string }>()
  const path = `/mailboxes/${encodeURIComponent(address)}`
  return (
    <Page
      narrow
      title={t.title}
      description={t.descriptionOf(address)}
      breadcrumbs={[
        { label: t.mailboxes, href: '/mailboxes' },
        { label: address, href: path },
      ]}
    >
      <SendingForms key={address} path={path} />
    </Page>
  )
}
