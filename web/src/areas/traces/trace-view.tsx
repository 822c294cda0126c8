/** One message: the plain answer for each recipient and what to do, then the steps with the words of the servers, then its facts. */
import type { ReactNode } from 'react'
import type { SharedTraceAnswer, TraceDetailAnswer } from '../../../../src/api/traces.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Badge } from '../../shared/ui/badge.tsx'
import { CopyButton } from '../../shared/ui/copy.tsx'
import { DescriptionList } from '../../shared/ui/description-list.tsx'
import { toneOf } from './outcome.ts'
import './traces.css'
import { viewTexts } from './view-texts.ts'

type Trace = TraceDetailAnswer | SharedTraceAnswer

export function Outcomes({ trace }: { trace: Trace }) {
  const t = useTexts(viewTexts)
  const { recipients, recipientCount } = trace
  return (
    <div className="stack loose">
      {recipients.map(recipient => (
        <Outcome key={`${recipient.address} ${recipient.via}`} recipient={recipient} />
      ))}
      {recipientCount > recipients.length && (
        <p className="muted">{t.moreRecipients(recipientCount - recipients.length)}</p>
      )}
    </div>
  )
}

function Outcome({ recipient }: { recipient: Trace['recipients'][number] }) {
  const t = useTexts(viewTexts)
  const f = useFormat()
  const { address, via, outcome, text, explanation } = recipient
  const { kind, answer, host, readAt } = outcome
  return (
    <div className="stack tight trace-outcome">
      <div className="row">
        <Badge tone={toneOf(kind)}>{t.states[kind]}</Badge>
        <span className="muted">
          {address}
          {via !== null && ` (${t.via(via)})`}
        </span>
      </div>
      <p className="trace-answer">{text}</p>
      {readAt !== null && <p className="muted">{t.readAt(f.dateTime(readAt))}</p>}
      {explanation && (
        <>
          <p>{explanation.what}</p>
          <DescriptionList
            items={[
              { term: t.why, value: explanation.why },
              { term: t.todo, value: explanation.todo },
            ]}
          />
        </>
      )}
      {answer !== null && <Words title={host === null ? t.ownWords : t.words}>{answer}</Words>}
    </div>
  )
}

function Words({ title, children }: { title: string; children: string }) {
  return (
    <div>
      <p className="muted">
        <small>{title}</small>
      </p>
      <p className="trace-words mono" lang="en">
        {children}
      </p>
    </div>
  )
}

export function Steps({ steps, single }: { steps: Trace['steps']; single: boolean }) {
  const t = useTexts(viewTexts)
  if (steps.length === 0) return <p className="muted">{t.noSteps}</p>
  return (
    <ol className="list trace-steps">
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps only ever come behind those there are.
        <Step key={index} step={step} single={single} />
      ))}
    </ol>
  )
}

/** `single`: the message has one recipient, who needs no naming at each step. */
function Step({ step, single }: { step: Trace['steps'][number]; single: boolean }) {
  const t = useTexts(viewTexts)
  const f = useFormat()
  const { at, kind, address, host, remoteAddress, tls, status, answer, nextAttemptAt, mailboxes, text } = step
  const facts: ReactNode[] = [
    // A copy goes to somebody whom the message may not name.
    (!single || kind === 'copied') && address,
    host !== null && t.server(host, remoteAddress),
    tls !== null && t.encrypted(tls),
    text,
    mailboxes.length > 0 && t.folders(f.list(mailboxes)),
    nextAttemptAt !== null && t.next(f.dateTime(nextAttemptAt)),
  ].filter(Boolean)
  return (
    <li className={`trace-step ${kind}`}>
      <time className="muted tabular" dateTime={new Date(at).toISOString()}>
        {f.moment(at)}
      </time>
      <div className="trace-step-body">
        <p>
          <strong>{t.kinds[kind]}</strong>
        </p>
        {facts.length > 0 && <p className="muted">{facts.join(' · ')}</p>}
        {answer !== null && (
          <p className="trace-words mono" lang="en">
            {status !== null && !answer.includes(status) && `${status} `}
            {answer}
          </p>
        )}
      </div>
    </li>
  )
}

export function Facts({ trace }: { trace: Trace }) {
  const t = useTexts(viewTexts)
  const f = useFormat()
  const { id, at, from, sizeBytes, messageId, subject, origin } = trace
  const where = [origin.helo, origin.remoteAddress].filter(Boolean).join(' · ')
  return (
    <DescriptionList
      items={[
        subject !== null && { term: t.subject, value: subject },
        { term: t.from, value: from || t.noSender },
        { term: t.at, value: f.dateTime(at) },
        sizeBytes > 0 && { term: t.size, value: f.size(sizeBytes) },
        {
          term: t.origin,
          value: (
            <>
              {t.vias[origin.via]}
              {where && <div className="muted">{where}</div>}
              {origin.tls && <div className="muted">{t.encrypted(origin.tls)}</div>}
            </>
          ),
        },
        origin.credential !== null && { term: t.credential, value: origin.credential },
        origin.appPasswordId !== null && { term: t.appPassword, value: origin.appPassword ?? t.appPasswordGone },
        id === ''
          ? { term: t.id, value: t.noId }
          : {
              term: t.id,
              value: <span className="mono">{id}</span>,
              action: <CopyButton text={id} label={t.id} small />,
            },
        messageId !== '' && { term: t.messageId, value: <span className="mono">{messageId}</span> },
      ]}
    />
  )
}
