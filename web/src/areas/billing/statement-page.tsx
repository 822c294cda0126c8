/** What a month costs, domain by domain. */
import { ReceiptText } from 'lucide-react'
import { useLocation, useParams } from 'wouter'
import type { StatementAnswer } from '../../../../src/api/statements.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useLanguage } from '../../shared/texts/language.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import './billing.css'
import { Exports, monthName, monthsBetween, Totals } from './statement-parts.tsx'
import { statementTexts } from './statement-texts.ts'
import { texts as shared } from './texts.ts'

export default function StatementPage() {
  const t = useTexts(statementTexts)
  const language = useLanguage()
  const [, navigate] = useLocation()
  const { month: asked } = useParams<{ month?: string }>()
  const months = useResource<{ first: string; current: string }>('/statements')
  const month = asked ?? months.data?.current
  return (
    <Page title={t.title} description={t.description} actions={month !== undefined && <Exports month={month} />}>
      <Await resource={months}>
        {({ first, current }) => (
          <>
            <div className="filters">
              <Select
                name="month"
                label={t.month}
                value={month ?? current}
                onChange={chosen => navigate(`/statements/${chosen}`)}
                options={monthsBetween(first, current).map(each => ({ value: each, label: monthName(each, language) }))}
              />
            </div>
            <OfMonth month={month ?? current} />
          </>
        )}
      </Await>
    </Page>
  )
}

function OfMonth({ month }: { month: string }) {
  const t = useTexts(statementTexts)
  const s = useTexts(shared)
  const f = useFormat()
  const statement = useResource<StatementAnswer>(`/statements/${month}`)
  return (
    <Await resource={statement}>
      {({ isFinal, domains, totals }) => (
        <>
          <Alert>{isFinal ? t.final : t.running}</Alert>
          <Card
            flush
            {...(domains.length > 0 && {
              footer: (
                <span className="billing-total">
                  <span>{t.total}</span>{' '}
                  <span>
                    <Totals totals={totals} />
                  </span>
                </span>
              ),
            })}
          >
            <DataTable
              label={t.title}
              source={domains}
              rowKey={row => row.domain}
              href={row => `/statements/${month}/${row.domain}`}
              empty={
                <EmptyState icon={ReceiptText} title={t.nothing}>
                  {t.nothingText}
                </EmptyState>
              }
              columns={[
                { key: 'domain', header: s.domain, cell: row => row.domain },
                { key: 'mailboxes', header: t.mailboxes, align: 'end', cell: row => f.number(row.mailboxes) },
                { key: 'amount', header: t.amount, align: 'end', cell: row => <Totals totals={row.totals} /> },
              ]}
            />
          </Card>
        </>
      )}
    </Await>
  )
}
