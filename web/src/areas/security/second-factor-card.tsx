import { useState } from 'react'
import type { PasskeyListed, SecondFactorAnswer } from '../../../../src/api/second-factor.ts'
import { invalidate } from '../../shared/api/queries.ts'
import { api, loadSession } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Badge } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DescriptionList } from '../../shared/ui/description-list.tsx'
import { ConfirmDialog, Dialog } from '../../shared/ui/dialog.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { AddCodes } from './add-codes.tsx'
import { AddPasskey } from './add-passkey.tsx'
import { RenamePasskey } from './rename-passkey.tsx'
import { texts } from './texts.ts'

interface Props {
  factor: SecondFactorAnswer
  onRecoveryCodes(codes: readonly string[]): void
}

type Opened =
  | 'add-codes'
  | 'remove-codes'
  | 'add-passkey'
  | 'renew'
  | { remove: PasskeyListed }
  | { rename: PasskeyListed }
  | null

/** Other sessions may have ended, and what had to be set up may be. */
export async function changed(): Promise<void> {
  await loadSession()
  await Promise.all(['/second-factor', '/sessions', '/app-passwords'].map(invalidate))
}

export function SecondFactorCard({ factor, onRecoveryCodes }: Props) {
  const t = useTexts(texts)
  const f = useFormat()
  const [opened, setOpened] = useState<Opened>(null)
  const close = (): void => setOpened(null)
  const { isOn, isRequired, codesSince, passkeys, recoveryCodes } = factor
  const added = (text: string) => async (codes: string[] | null) => {
    close()
    showToast({ text })
    if (codes === null) return changed()
    // They are shown once: what may replace this page waits until they are put away.
    onRecoveryCodes(codes)
    await invalidate('/second-factor')
  }
  const removed = typeof opened === 'object' && opened !== null && 'remove' in opened ? opened.remove : null
  const renamed = typeof opened === 'object' && opened !== null && 'rename' in opened ? opened.rename : null
  const state = isOn ? t.isOn : isRequired ? t.isRequired : t.isOff
  return (
    <Card
      title={t.secondFactor}
      description={t.secondFactorText}
      actions={<Badge tone={isOn ? 'success' : isRequired ? 'warning' : 'neutral'}>{state}</Badge>}
    >
      <DescriptionList
        items={[
          {
            term: t.app,
            value: codesSince === null ? t.appOff : t.appSince(f.date(codesSince)),
            action:
              codesSince === null ? (
                <Button small onClick={() => setOpened('add-codes')}>
                  {t.addApp}
                </Button>
              ) : (
                <Button small kind="danger-quiet" onClick={() => setOpened('remove-codes')}>
                  {t.removeApp}
                </Button>
              ),
          },
          {
            term: t.passkeys,
            value:
              passkeys.length === 0 ? (
                t.noPasskeys
              ) : (
                <ul className="list stack">
                  {passkeys.map(passkey => {
                    const { passkeyId, label, createdAt, lastUsedAt } = passkey
                    const used = lastUsedAt === null ? t.never : f.relative(lastUsedAt)
                    return (
                      <li key={passkeyId}>
                        <div>
                          <strong>{label}</strong>{' '}
                          <span className="muted">{t.passkeyUsed(f.shortDate(createdAt), used)}</span>
                        </div>
                        <div className="row">
                          <Button
                            small
                            kind="quiet"
                            aria-label={`${t.rename} ${label}`}
                            onClick={() => setOpened({ rename: passkey })}
                          >
                            {t.rename}
                          </Button>
                          <Button
                            small
                            kind="danger-quiet"
                            aria-label={`${t.remove} ${label}`}
                            onClick={() => setOpened({ remove: passkey })}
                          >
                            {t.remove}
                          </Button>
                        </div>
                      </li>
                    )
                  })}
                </ul>
              ),
            action: (
              <Button small onClick={() => setOpened('add-passkey')}>
                {t.addPasskey}
              </Button>
            ),
          },
          isOn && {
            term: t.recoveryCodes,
            value: t.codesLeft(recoveryCodes.left, recoveryCodes.total),
            action: (
              <Button small onClick={() => setOpened('renew')}>
                {t.renew}
              </Button>
            ),
          },
        ]}
      />
      <Dialog open={opened === 'add-codes'} onClose={close} title={t.addApp} size="medium">
        <AddCodes onCancel={close} onAdded={added(t.appAdded)} />
      </Dialog>
      <Dialog open={opened === 'add-passkey'} onClose={close} title={t.addPasskey}>
        <AddPasskey isFirst={!isOn} onCancel={close} onAdded={added(t.passkeyAdded)} />
      </Dialog>
      {renamed && <RenamePasskey passkey={renamed} onClose={close} />}
      <ConfirmDialog
        open={opened === 'remove-codes'}
        onClose={close}
        title={t.removeAppTitle}
        confirm={t.removeApp}
        danger
        onConfirm={async () => {
          await api.delete('/second-factor/codes')
          await changed()
          showToast({ text: t.appRemoved })
        }}
      >
        {t.removeAppText}
      </ConfirmDialog>
      <ConfirmDialog
        open={removed !== null}
        onClose={close}
        title={t.removePasskeyTitle(removed?.label ?? '')}
        confirm={t.remove}
        danger
        onConfirm={async () => {
          await api.delete(`/second-factor/passkeys/${encodeURIComponent(removed?.passkeyId ?? '')}`)
          await changed()
          showToast({ text: t.passkeyRemoved })
        }}
      >
        {t.removePasskeyText}
      </ConfirmDialog>
      <ConfirmDialog
        open={opened === 'renew'}
        onClose={close}
        title={t.renewTitle}
        confirm={t.renew}
        onConfirm={async () => {
          const answer = await api.post<{ recoveryCodes: string[] }>('/second-factor/recovery-codes')
          onRecoveryCodes(answer.recoveryCodes)
          await invalidate('/second-factor')
        }}
      >
        {t.renewText}
      </ConfirmDialog>
    </Card>
  )
}
