/** Removed mailboxes, for the time they can be had back. */
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { invalidate, usePages } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { binPath, type RemovedMailbox } from './contract.ts'
import './directory.css'
import { readableName } from '../../shared/texts/readable-name.ts'

const texts = defineTexts({
  fr: {
    title: 'Corbeille',
    description: 'Les boîtes mail supprimées y restent 30 jours, avec leur courrier et leur adresse.',
    address: 'Adresse',
    used: 'Courrier',
    removed: 'Supprimée',
    purged: 'Effacée définitivement',
    restore: 'Restaurer',
    restored: (address: string) => `${address} est de nouveau en service.`,
    purge: 'Supprimer définitivement',
    question: (address: string) => `Supprimer définitivement ${address} ?`,
    text: (size: string) => `Tout son courrier (${size}) est effacé. Personne ne pourra le récupérer.`,
    done: (address: string) => `${address} est supprimée définitivement.`,
    empty: 'La corbeille est vide',
    emptyText: 'Une boîte mail supprimée apparaît ici, et peut être restaurée.',
  },
  en: {
    title: 'Bin',
    description: 'Removed mailboxes stay here for 30 days, with their mail and their address.',
    address: 'Address',
    used: 'Mail',
    removed: 'Removed',
    purged: 'Deleted for good',
    restore: 'Restore',
    restored: address => `${address} is in use again.`,
    purge: 'Delete for good',
    question: address => `Delete ${address} for good?`,
    text: size => `All its mail (${size}) is deleted. Nobody can get it back.`,
    done: address => `${address} is deleted for good.`,
    empty: 'The bin is empty',
    emptyText: 'A removed mailbox appears here, and can be restored.',
  },
})

export default function BinPage() {
  const t = useTexts(texts)
  const f = useFormat()
  const pages = usePages<RemovedMailbox>('/bin')
  const [purging, setPurging] = useState<RemovedMailbox | null>(null)
  const changed = () => Promise.all([invalidate('/bin'), invalidate('/mailboxes'), invalidate('/domains')])
  const restore = async (address: string): Promise<void> => {
    try {
      await api.post(`${binPath(address)}/restore`)
      showToast({ text: t.restored(address) })
    } catch (error) {
      showToast({ kind: 'danger', text: error instanceof Error ? error.message : String(error) })
    }
    await changed()
  }
  return (
    <Page title={t.title} description={t.description}>
      <Card flush>
        <DataTable
          label={t.title}
          source={pages}
          rowKey={({ address }) => address}
          rowName={({ address }) => readableName(address)}
          columns={[
            {
              key: 'address',
              header: t.address,
              cell: mailbox => (
                <span className="directory-who">
                  <span>{readableName(mailbox.address)}</span>
                  {mailbox.name && <span className="muted">{mailbox.name}</span>}
                </span>
              ),
            },
            { key: 'used', header: t.used, align: 'end', cell: ({ usedBytes }) => f.size(usedBytes) },
            { key: 'removed', sentence: true, header: t.removed, cell: ({ removedAt }) => f.relative(removedAt) },
            { key: 'purged', sentence: true, header: t.purged, cell: ({ purgedAt }) => f.relative(purgedAt) },
          ]}
          actions={mailbox => [
            { label: t.restore, onSelect: () => void restore(mailbox.address) },
            'separator',
            { label: t.purge, danger: true, onSelect: () => setPurging(mailbox) },
          ]}
          empty={
            <EmptyState icon={Trash2} title={t.empty}>
              {t.emptyText}
            </EmptyState>
          }
        />
      </Card>
      <ConfirmDialog
        open={purging !== null}
        onClose={() => setPurging(null)}
        title={t.question(purging?.address ?? '')}
        confirm={t.purge}
        danger
        typeToConfirm={purging?.address ?? ''}
        onConfirm={async () => {
          if (!purging) return
          await api.delete(binPath(purging.address))
          showToast({ text: t.done(purging.address) })
          await changed()
        }}
      >
        {t.text(f.size(purging?.usedBytes ?? 0))}
      </ConfirmDialog>
    </Page>
  )
}
