/** The first page: the mailbox at a glance, in four cards, each with the one thing to do next, and over time. */
import type { AutoReplyAnswer } from '../../../../src/api/auto-reply.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useSession } from '../../shared/api/session.ts'
import { AutoReplyBadge, useStatusText } from '../../shared/auto-reply/status.tsx'
import { useTexts } from '../../shared/texts/texts.ts'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { DevicesCard } from './devices-card.tsx'
import './home.css'
import { SafetyCard } from './safety-card.tsx'
import { SendingAlert } from './sending-alert.tsx'
import { SpaceCard } from './space-card.tsx'
import { texts } from './texts.ts'
import { TrafficCard } from './traffic-card.tsx'

export default function HomePage() {
  const t = useTexts(texts)
  const { principal } = useSession()
  return (
    <Page
      title={t.title}
      heading={principal.name ? t.greeting(principal.name) : t.greetingNobody}
      description={principal.address}
    >
      <SendingAlert />
      <div className="home-cards">
        <SpaceCard />
        <AutoReplyCard />
        <DevicesCard />
        <SafetyCard />
      </div>
      <TrafficCard />
    </Page>
  )
}

function AutoReplyCard() {
  const t = useTexts(texts)
  const reply = useResource<AutoReplyAnswer>('/auto-reply')
  const isSet = reply.data !== undefined && reply.data.state !== 'off'
  return (
    <Card
      title={t.autoReply}
      actions={reply.data && <AutoReplyBadge state={reply.data.state} />}
      footer={<ButtonLink href="/auto-reply">{isSet ? t.autoReplyEdit : t.autoReplyWrite}</ButtonLink>}
    >
      <Await resource={reply}>{found => <AutoReplySummary reply={found} />}</Await>
    </Card>
  )
}

function AutoReplySummary({ reply }: { reply: AutoReplyAnswer }) {
  const status = useStatusText(reply)
  return (
    <div className="stack tight">
      <p>{status}</p>
      {reply.state !== 'off' && reply.subject !== '' && <p className="muted home-clip">{reply.subject}</p>}
    </div>
  )
}
