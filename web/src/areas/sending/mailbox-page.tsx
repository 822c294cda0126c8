/** What goes for all that a mailbox sends, for who manages its domain. */
import { useAddressParam } from '../../shared/address-param.ts'
import { useSession } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Page } from '../../shared/ui/page.tsx'
import { isStaff } from '../area.ts'
import { GaugeCard } from './gauge-card.tsx'
import { SendingForms } from './sending-forms.tsx'
import { texts } from './texts.ts'

export default function MailboxSendingPage() {
  const t = useTexts(texts)
  const { principal } = useSession()
  const address = useAddressParam()
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
      <GaugeCard key={`${address} gauge`} path={path} control={isStaff(principal)} />
      <SendingForms key={address} path={path} />
    </Page>
  )
}
