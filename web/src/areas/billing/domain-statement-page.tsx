/** What a month costs for one domain, mailbox by mailbox. */
import { ReceiptText } from 'lucide-react'
import { useParams } from 'wouter'
import type { DomainStatementAnswer } from '../../../../src/api/statements.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useLanguage } from '../../shared/texts/language.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import './billing.css'
import { Exports, monthName, Totals } from './statement-parts.tsx'
import { statementTexts } from './statement-texts.ts'
import { texts as shared } from './texts.ts'

export default function DomainStatementPage() {
  const t = useTexts(statementTexts)
  const s = useTexts(shared)
  const f = useFormat()
  const language = useLanguage()
  const { month = '', domain = '' } = useParams<{ month: string; domain: string }>()
  const statement = useResource<DomainStatementAnswer>(`/statements/${month}/domains/${domain}`)
  return (
    <Page
      title={domain}
      description={t.of(monthName(month, language))}
      breadcrumbs={[{ href: `/statements/${month}`, label: t.title }]}
      actions={<Exports month={month} domain={domain} />}
    >
      <Await resource={statement}>
        {({ isFinal, lines, totals, daysInMonth }) => (
          <>
            <Alert>{isFinal ? t.final : t.running}</Alert>
            <Card
              flush
              {...(lines.length > 0 && {
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
                label={domain}
                source={lines}
                rowKey={line => `${line.address} ${line.from} ${line.planId}`}
                empty={
                  <EmptyState icon={ReceiptText} title={t.nothing}>
                    {t.nothingText}
                  </EmptyState>
                }
                columns={[
                  { key: 'address', header: s.mailbox, cell: line => line.address },
                  { key: 'plan', header: s.plan, cell: line => line.planName },
                  {
                    key: 'price',
                    header: s.price,
                    align: 'end',
                    cell: line => f.money(line.monthlyPrice, line.currency),
                  },
                  { key: 'from', header: t.from, narrow: true, cell: line => f.day(line.from) },
                  { key: 'until', header: t.until, narrow: true, cell: line => f.day(line.until) },
                  { key: 'days', header: t.days, align: 'end', cell: line => t.daysOf(line.days, daysInMonth) },
                  { key: 'amount', header: t.amount, align: 'end', cell: line => f.money(line.amount, line.currency) },
                ]}
              />
            </Card>
          </>
        )}
      </Await>
    </Page>
  )
}
