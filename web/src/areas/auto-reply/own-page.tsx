/** The auto-reply of one's own mailbox. */
import type { AutoReplyAnswer } from '../../../../src/api/auto-reply.ts'
import { useResource } from '../../shared/api/queries.ts'
import { texts } from '../../shared/auto-reply/texts.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { AutoReplyForm } from './auto-reply-form.tsx'

export default function OwnAutoReplyPage() {
  const t = useTexts(texts)
  const reply = useResource<AutoReplyAnswer>('/auto-reply')
  return (
    <Page narrow title={t.title} description={t.description}>
      <Await resource={reply}>{found => <AutoReplyForm path="/auto-reply" reply={found} />}</Await>
    </Page>
  )
}
