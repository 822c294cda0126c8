/** The tokens of a user, as staff see and revoke them. */
import { useState } from 'react'
import type { TokenAnswer, TokenListAnswer } from '../../../../src/api/tokens.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import { texts } from './texts.ts'

export function UserTokens({ principalId }: { principalId: number }) {
  const t = useTexts(texts)
  const format = useFormat()
  const path = `/users/${principalId}/tokens`
  const resource = useResource<TokenListAnswer>(path)
  const [revoking, setRevoking] = useState<TokenAnswer | null>(null)
  return (
    <Card title={t.tokens} flush>
      <Await resource={resource}>
        {({ items }) => (
          <DataTable
            label={t.tokens}
            source={items}
            rowKey={({ tokenId }) => tokenId}
            rowName={({ label }) => label}
            columns={[
              { key: 'label', header: t.label, cell: ({ label }) => label },
              {
                key: 'used',
                sentence: true,
                header: t.lastUsed,
                cell: ({ lastUsedAt }) => format.relative(lastUsedAt),
              },
              {
                key: 'expires',
                header: t.expires,
                cell: ({ expiresAt }) => (expiresAt === null ? t.never : format.shortDate(expiresAt)),
              },
            ]}
            actions={token => [{ label: t.revoke, danger: true, onSelect: () => setRevoking(token) }]}
            empty={<EmptyState title={t.noTokens} />}
          />
        )}
      </Await>
      <ConfirmDialog
        open={revoking !== null}
        onClose={() => setRevoking(null)}
        title={t.revokeTitle(revoking?.label ?? '')}
        confirm={t.revoke}
        danger
        onConfirm={async () => {
          await api.delete(`${path}/${revoking?.tokenId}`)
          await invalidate(path)
        }}
      >
        {t.revokeText}
      </ConfirmDialog>
    </Card>
  )
}
