/** What any program asks for, each value with a button to copy it. */
import { Link } from 'wouter'
import { useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { CopyField } from '../../shared/ui/copy.tsx'
import type { MailServer, MailSettings } from './contract.ts'
import { texts } from './texts.ts'

export function SettingsCard({ settings }: { settings: MailSettings }) {
  const t = useTexts(texts)
  const { userName, imap, pop3, smtp } = settings
  const [read, send] = [imap[0] ?? pop3[0], smtp[0]]
  const alternative = imap[0] && pop3[0]
  return (
    <Card
      title={t.settings}
      description={t.settingsText}
      footer={
        <>
          <Link href="/help/imap-or-pop">{t.imapOrPop}</Link>
          <Link href="/security">{t.appPasswords}</Link>
        </>
      }
    >
      <div className="stack loose">
        <div className="columns">
          {read ? (
            <Server title={imap[0] ? t.receiving : t.receivingPop3} server={read} userName={userName} />
          ) : (
            <p>{t.nothing}</p>
          )}
          {send && <Server title={t.sending} server={send} userName={userName} />}
        </div>
        <p className="muted">
          <strong>{t.password} · </strong>
          {t.passwordText}
        </p>
        {alternative && (
          <details className="devices-more">
            <summary>{t.otherProtocol}</summary>
            <Server title={t.receivingPop3} server={alternative} userName={userName} />
          </details>
        )}
      </div>
    </Card>
  )
}

function Server({ title, server, userName }: { title: string; server: MailServer; userName: string }) {
  const t = useTexts(texts)
  return (
    <section className="stack devices-server" aria-label={title}>
      <h3>{title}</h3>
      <CopyField label={t.server} value={server.host} />
      <CopyField label={t.port} value={String(server.port)} />
      <CopyField label={t.security} value={server.security === 'tls' ? 'SSL/TLS' : 'STARTTLS'} mono={false} />
      <CopyField label={t.userName} value={userName} />
    </section>
  )
}
