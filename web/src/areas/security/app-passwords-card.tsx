import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import type { AppPasswordAnswer } from '../../../../src/api/app-passwords.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { AppPasswordDialog } from './app-password-dialog.tsx'
import { texts } from './texts.ts'

export function AppPasswordsCard() {
  const t = useTexts(texts)
  const f = useFormat()
  const resource = useResource<AppPasswordAnswer[]>('/app-passwords')
  const [creating, setCreating] = useState(false)
  const [removing, setRemoving] = useState<AppPasswordAnswer | null>(null)
  return (
    <Card
      flush
      title={t.appPasswords}
      description={t.appPasswordsText}
      actions={
        <Button icon={Plus} onClick={() => setCreating(true)}>
          {t.createAppPassword}
        </Button>
      }
    >
      <Await resource={resource}>
        {rows => (
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
                header: t.expires,
                cell: ({ expiresAt }) => (expiresAt === null ? t.never : f.shortDate(expiresAt)),
              },
            ]}
            actions={row => [{ label: t.remove, danger: true, onSelect: () => setRemoving(row) }]}
            empty={
              <EmptyState icon={KeyRound} title={t.noAppPasswords}>
                {t.noAppPasswordsText}
              </EmptyState>
            }
          />
        )}
      </Await>
      <AppPasswordDialog open={creating} onClose={() => setCreating(false)} />
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={t.removeAppPasswordTitle(removing?.label ?? '')}
        confirm={t.remove}
        danger
        onConfirm={async () => {
          await api.delete(`/app-passwords/${removing?.appPasswordId}`)
          await invalidate('/app-passwords')
          showToast({ text: t.appPasswordRemoved })
        }}
      >
        {t.removeAppPasswordText}
      </ConfirmDialog>
    </Card>
  )
}
