/** The filters of a mailbox, for who manages its domain. */
import { useAddressParam } from '../../shared/address-param.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Page } from '../../shared/ui/page.tsx'
import { FiltersView } from './filters-view.tsx'
import { texts } from './texts.ts'

export default function MailboxFiltersPage() {
  const t = useTexts(texts)
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
      <FiltersView key={address} path={path} />
    </Page>
  )
}
