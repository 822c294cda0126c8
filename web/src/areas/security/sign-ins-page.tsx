/** Who signed in, or tried to, from where. */
import { LogIn } from 'lucide-react'
import type { SignInAnswer } from '../../../../src/api/sign-ins.ts'
import { usePages } from '../../shared/api/queries.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Badge } from '../../shared/ui/badge.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import { programName } from './program-name.ts'
import { texts } from './texts.ts'

export default function SignInsPage() {
  const t = useTexts(texts)
  const f = useFormat()
  const pages = usePages<SignInAnswer>('/sign-ins')
  return (
    <Page title={t.signIns} description={t.signInsText} breadcrumbs={[{ label: t.title, href: '/security' }]}>
      <Card flush>
        <DataTable
          label={t.signIns}
          source={pages}
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
              cell: ({ outcome }) => (
                <Badge tone={outcome === 'ok' ? 'success' : 'warning'}>{t.outcome[outcome]}</Badge>
              ),
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
      </Card>
    </Page>
  )
}
