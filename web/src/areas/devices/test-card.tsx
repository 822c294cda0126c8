/** The last attempt to sign in that the server saw over each protocol, and what was wrong with it; asked again every few seconds. */
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { useResource } from '../../shared/api/queries.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Badge, StatusDot } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Await } from '../../shared/ui/states.tsx'
import type { LatestSignIn, MailSettings, Protocol, SignIn } from './contract.ts'
import { testTexts } from './test-texts.ts'

const EVERY_MS = 3_000
/** A page that was forgotten in a tab asks no more. */
const LIVE_MS = 15 * 60_000

export function TestCard({ settings }: { settings: MailSettings }) {
  const t = useTexts(testTexts)
  const [until, setUntil] = useState(() => Date.now() + LIVE_MS)
  const [isLive, setLive] = useState(true)
  useEffect(() => {
    const timer = setTimeout(() => setLive(false), until - Date.now())
    return () => clearTimeout(timer)
  }, [until])
  const latest = useResource<LatestSignIn[]>('/sign-ins/latest', {}, isLive ? { refetchInterval: EVERY_MS } : {})
  const resume = (): void => {
    setUntil(Date.now() + LIVE_MS)
    setLive(true)
    latest.retry()
  }
  const offered: Protocol[] = [
    ...(settings.imap.length > 0 ? (['imap'] as const) : []),
    ...(settings.pop3.length > 0 ? (['pop3'] as const) : []),
    ...(settings.smtp.length > 0 ? (['submission'] as const) : []),
  ]
  return (
    <Card
      title={t.title}
      description={t.description}
      actions={
        isLive ? (
          <StatusDot tone="success">{t.live}</StatusDot>
        ) : (
          <Button small onClick={resume}>
            {t.resume}
          </Button>
        )
      }
      footer={
        <span>
          {t.notSeen} <Link href="/help/connection-problems">{t.more}</Link>
        </span>
      }
    >
      <Await resource={latest}>
        {rows => (
          <ul className="list devices-tests">
            {offered
              .map(protocol => rows.find(row => row.protocol === protocol) ?? { protocol, any: null, ok: null })
              // POP3 is shown once somebody has used it: most never will.
              .filter(row => row.protocol !== 'pop3' || row.any !== null || settings.imap.length === 0)
              .map(row => (
                <TestRow key={row.protocol} row={row} />
              ))}
          </ul>
        )}
      </Await>
    </Card>
  )
}

function TestRow({ row: { protocol, any, ok } }: { row: LatestSignIn }) {
  const t = useTexts(testTexts)
  const f = useFormat()
  const isOk = any?.outcome === 'ok'
  return (
    <li>
      <h3>{t.protocols[protocol]}</h3>
      {/* Read aloud when an attempt comes or ends otherwise, not as it grows older. */}
      <div className="devices-result">
        {any === null ? (
          <Badge>{t.never}</Badge>
        ) : (
          <>
            <div role="status" key={`${any.outcome} ${any.lastAt}`}>
              <Badge tone={isOk ? 'success' : 'danger'}>
                {isOk ? t.ok(f.relative(any.lastAt)) : t.failed(f.relative(any.lastAt))}
              </Badge>
            </div>
            <Facts signIn={any} />
            {!isOk && (
              <p>
                {t.reasons[any.outcome]}
                {ok && <span className="muted"> {t.earlier(f.relative(ok.lastAt))}</span>}
              </p>
            )}
          </>
        )}
      </div>
    </li>
  )
}

function Facts({ signIn: { label, remoteAddress, client } }: { signIn: SignIn }) {
  const t = useTexts(testTexts)
  const facts = [client, label && t.label(label), remoteAddress && t.from(remoteAddress)].filter(Boolean)
  return facts.length > 0 ? <p className="muted">{facts.join(' · ')}</p> : null
}
