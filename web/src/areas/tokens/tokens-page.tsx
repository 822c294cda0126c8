/** One's own tokens. */
import { Braces, Plus } from 'lucide-react'
import { useState } from 'react'
import type { TokenAnswer, TokenListAnswer } from '../../../../src/api/tokens.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { CreateTokenDialog } from './create-token-dialog.tsx'
import { texts } from './texts.ts'

export default function TokensPage() {
  const t = useTexts(texts)
  const format = useFormat()
  const resource = useResource<TokenListAnswer>('/tokens')
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<TokenAnswer | null>(null)
  const create = (
    <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>
      {t.create}
    </Button>
  )
  return (
    <Page title={t.title} description={t.description} actions={create}>
      <Card flush>
        <Await resource={resource}>
          {({ items }) => (
            <DataTable
              label={t.title}
              source={items}
              rowKey={({ tokenId }) => tokenId}
              rowName={({ label }) => label}
              columns={[
                { key: 'label', header: t.label, cell: ({ label }) => label },
                {
                  key: 'scopes',
                  header: t.scopes,
                  cell: ({ scopes }) => <span className="mono">{scopes.join(' ')}</span>,
                },
                { key: 'created', header: t.created, wideOnly: true, cell: token => format.shortDate(token.createdAt) },
                {
                  key: 'used',
                  header: t.lastUsed,
                  cell: ({ lastUsedAt, lastUsedAddress }) =>
                    lastUsedAt === null ? t.never : t.from(format.relative(lastUsedAt), lastUsedAddress ?? ''),
                },
                {
                  key: 'expires',
                  header: t.expires,
                  cell: ({ expiresAt }) => (expiresAt === null ? t.never : format.shortDate(expiresAt)),
                },
              ]}
              actions={token => [{ label: t.revoke, danger: true, onSelect: () => setRevoking(token) }]}
              empty={
                <EmptyState icon={Braces} title={t.empty}>
                  {t.emptyText}
                </EmptyState>
              }
            />
          )}
        </Await>
      </Card>
      <CreateTokenDialog open={creating} onClose={() => setCreating(false)} scopes={resource.data?.scopes ?? []} />
      <ConfirmDialog
        open={revoking !== null}
        onClose={() => setRevoking(null)}
        title={t.revokeTitle(revoking?.label ?? '')}
        confirm={t.revoke}
        danger
        onConfirm={async () => {
          await api.delete(`/tokens/${revoking?.tokenId}`)
          await invalidate('/tokens')
          showToast({ text: t.revoked })
        }}
      >
        {t.revokeText}
      </ConfirmDialog>
    </Page>
  )
}
