/** The auto-reply of a mailbox, for who manages its domain. */

import type { AutoReplyAnswer } from '../../../../src/api/auto-reply.ts'
import { useAddressParam } from '../../shared/address-param.ts'
import { useResource } from '../../shared/api/queries.ts'
import { texts } from '../../shared/auto-reply/texts.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { AutoReplyForm } from './auto-reply-form.tsx'

export default function MailboxAutoReplyPage() {
  const t = useTexts(texts)
  const address = useAddressParam()
  const path = `/mailboxes/${encodeURIComponent(address)}/auto-reply`
  const reply = useResource<AutoReplyAnswer>(path)
  return (
    <Page
      narrow
      title={t.title}
      description={t.descriptionOf(address)}
      breadcrumbs={[
        { label: t.mailboxes, href: '/mailboxes' },
        { label: address, href: `/mailboxes/${encodeURIComponent(address)}` },
      ]}
    >
      <Await resource={reply}>{found => <AutoReplyForm key={address} path={path} reply={found} />}</Await>
    </Page>
  )
}
