import type { LinkAnswer } from '../../../../src/api/credential-links.ts'
import { invalidate } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { texts } from '../../shared/links/texts.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { showToast } from '../../shared/ui/toast.tsx'

export function RevokeDialog({ link, onClose }: { link: LinkAnswer | null; onClose(): void }) {
  const t = useTexts(texts)
  return (
    <ConfirmDialog
      open={link !== null}
      onClose={onClose}
      title={t.revokeTitle(link?.address ?? '')}
      confirm={t.revoke}
      danger
      onConfirm={async () => {
        await api.post(`/credential-links/${link?.linkId}/revoke`)
        await invalidate('/credential-links')
        showToast({ text: t.revoked })
      }}
    >
      {t.revokeText}
    </ConfirmDialog>
  )
}
