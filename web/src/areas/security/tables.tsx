/** App passwords, sessions and sign-ins in tables: one's own, and, for staff, somebody else's. */
import { KeyRound, LogIn, MonitorSmartphone } from 'lucide-react'
import type { AppPasswordAnswer } from '../../../../src/api/app-passwords.ts'
import type { OpenSessionAnswer } from '../../../../src/api/sessions.ts'
import type { SignInAnswer } from '../../../../src/api/sign-ins.ts'
import type { Pages } from '../../shared/api/queries.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Badge } from '../../shared/ui/badge.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import type { MenuItem } from '../../shared/ui/menu.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import { programName } from './program-name.ts'
import { texts } from './texts.ts'

interface Props<T> {
  rows: readonly T[]
  actions?(row: T): readonly MenuItem[]
}

export function AppPasswordsTable({ rows, actions }: Props<AppPasswordAnswer>) {
  const t = useTexts(texts)
  const f = useFormat()
  return (
    <DataTable
      label={t.appPasswords}
      source={rows}
      rowKey={({ appPasswordId }) => appPasswordId}
      rowName={({ label }) => label}
      columns={[
        { key: 'label', header: t.label, cell: ({ label }) => label },
        { key: 'mailbox', header: t.userName, wideOnly: true, cell: ({ mailbox }) => mailbox },
        {
          key: 'protocols',
          header: t.usedFor,
          cell: ({ protocols }) => protocols.map(protocol => t.protocol[protocol]).join(', '),
        },
        {
          key: 'used',
          sentence: true,
          header: t.lastUse,
          cell: ({ lastUse }) =>
            lastUse === null
              ? t.never
              : t.lastUseText(
                  f.relative(lastUse.at),
                  lastUse.protocol ? t.protocol[lastUse.protocol] : '',
                  lastUse.remoteAddress ?? '',
                ),
        },
        {
          key: 'expires',
          sentence: true,
          header: t.expires,
          cell: ({ expiresAt }) => (expiresAt === null ? t.never : f.shortDate(expiresAt)),
        },
      ]}
      {...(actions && { actions })}
      empty={
        <EmptyState icon={KeyRound} title={t.noAppPasswords}>
          {actions && t.noAppPasswordsText}
        </EmptyState>
      }
    />
  )
}

export function SessionsTable({ rows, actions }: Props<OpenSessionAnswer>) {
  const t = useTexts(texts)
  const f = useFormat()
  const name = ({ userAgent }: OpenSessionAnswer): string => programName(userAgent) ?? t.unknown
  return (
    <DataTable
      label={t.sessions}
      source={rows}
      rowKey={({ sessionId }) => sessionId}
      rowName={name}
      columns={[
        {
          key: 'browser',
          header: t.browser,
          cell: session => (
            <>
              {name(session)} {session.isThisOne && <Badge tone="info">{t.thisOne}</Badge>}
            </>
          ),
        },
        { key: 'from', header: t.from, cell: ({ remoteAddress }) => remoteAddress },
        { key: 'opened', header: t.opened, wideOnly: true, cell: ({ createdAt }) => f.dateTime(createdAt) },
        { key: 'seen', sentence: true, header: t.lastSeen, cell: ({ lastSeenAt }) => f.relative(lastSeenAt) },
      ]}
      {...(actions && { actions })}
      empty={<EmptyState icon={MonitorSmartphone} title={t.noSessions} />}
    />
  )
}

export function SignInsTable({ source }: { source: Pages<SignInAnswer> }) {
  const t = useTexts(texts)
  const f = useFormat()
  return (
    <DataTable
      label={t.signIns}
      source={source}
      rowKey={row =>
        `${row.lastAt} ${row.protocol} ${row.outcome} ${row.credential} ${row.remoteAddress} ${row.client}`
      }
      columns={[
        {
          key: 'when',
          header: t.when,
          cell: ({ lastAt, count }) => `${f.dateTime(lastAt)}${count > 1 ? ` · ${t.times(count)}` : ''}`,
        },
        {
          key: 'result',
          header: t.result,
          cell: ({ outcome }) => <Badge tone={outcome === 'ok' ? 'success' : 'warning'}>{t.outcome[outcome]}</Badge>,
        },
        {
          key: 'protocol',
          header: t.protocolHeader,
          cell: ({ protocol, label, client }) =>
            [t.protocol[protocol], label ?? programName(client)].filter(Boolean).join(' · '),
        },
        { key: 'from', header: t.from, cell: ({ remoteAddress }) => remoteAddress ?? t.manyAddresses },
      ]}
      empty={<EmptyState icon={LogIn} title={t.noSignIns} />}
    />
  )
}
