/** Entries of the ledger, the latest first. */
import { BookOpenText } from 'lucide-react'
import type { LedgerEntryAnswer } from '../../../../src/api/statements.ts'
import { type Pages, usePages } from '../../shared/api/queries.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import { texts as shared } from './texts.ts'

const texts = defineTexts({
  fr: {
    label: 'Journal des offres',
    what: 'Opération',
    none: 'Rien n’est encore inscrit',
    noneText: 'Chaque création, changement d’offre, suppression et restauration s’inscrit ici.',
  },
  en: {
    label: 'Plan ledger',
    what: 'What',
    none: 'Nothing is written down yet',
    noneText: 'Every creation, change of plan, removal and restoration is written down here.',
  },
})

/** `address`: of one mailbox. */
export function LedgerTable({ address }: { address?: string }) {
  const t = useTexts(texts)
  const s = useTexts(shared)
  const f = useFormat()
  const entries: Pages<LedgerEntryAnswer> = usePages('/ledger', { address })
  return (
    <DataTable
      label={t.label}
      source={entries}
      rowKey={entry => entry.entryId}
      empty={
        <EmptyState icon={BookOpenText} title={t.none}>
          {t.noneText}
        </EmptyState>
      }
      columns={[
        ...(address === undefined
          ? [{ key: 'address', header: s.mailbox, cell: (entry: LedgerEntryAnswer) => entry.address }]
          : []),
        { key: 'day', header: s.date, narrow: true, cell: entry => f.day(entry.day) },
        { key: 'kind', header: t.what, cell: entry => s.kinds[entry.kind] },
        { key: 'plan', header: s.plan, cell: entry => entry.terms?.planName ?? s.noPlan },
        {
          key: 'price',
          header: s.price,
          align: 'end',
          cell: entry => (entry.terms ? f.money(entry.terms.monthlyPrice, entry.terms.currency) : '–'),
        },
        { key: 'by', header: s.by, wideOnly: true, cell: entry => entry.madeBy },
      ]}
    />
  )
}
