/** What was sold, changed and removed, when and by whom. */
import { useState } from 'react'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { SearchField } from '../../shared/ui/search-field.tsx'
import { LedgerTable } from './ledger-table.tsx'

const texts = defineTexts({
  fr: {
    title: 'Journal des offres',
    description: 'Rien n’y est modifié ni supprimé : les relevés en sont tirés.',
    search: 'Adresse complète d’une boîte mail',
  },
  en: {
    title: 'Plan ledger',
    description: 'Nothing in it is ever changed or removed: the statements are made of it.',
    search: 'Full address of a mailbox',
  },
})

export default function LedgerPage() {
  const t = useTexts(texts)
  const [search, setSearch] = useState('')
  const address = search.trim().toLowerCase()
  return (
    <Page title={t.title} description={t.description}>
      <SearchField label={t.search} value={search} onChange={setSearch} />
      <Card flush>
        <LedgerTable {...(address.length >= 3 && { address })} />
      </Card>
    </Page>
  )
}
