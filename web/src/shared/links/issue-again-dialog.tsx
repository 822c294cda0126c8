/**
 * Another link in the place of one. Where nobody has seen the password of the former there is nothing to lose: one click makes
 * it. Where somebody has, making it takes his password away, so it is asked first.
 */
import { useEffect, useState } from 'react'
import type { IssuedLinkAnswer, LinkAnswer } from '../../../../src/api/credential-links.ts'
import { invalidate } from '../api/queries.ts'
import { api } from '../api/session.ts'
import { useAction } from '../api/use-action.ts'
import { useTexts } from '../texts/texts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState, Loading } from '../ui/states.tsx'
import { IssuedLink, IssueLinkDialog } from './issue-link-dialog.tsx'
import { texts } from './texts.ts'

export function IssueAgainDialog({ link, onClose }: { link: LinkAnswer; onClose(): void }) {
  if (link.revealedAt !== null)
    return <IssueLinkDialog open onClose={onClose} address={link.address} withCode={link.hasCode} />
  return <AtOnce link={link} onClose={onClose} />
}

function AtOnce({ link, onClose }: { link: LinkAnswer; onClose(): void }) {
  const t = useTexts(texts)
  const [issued, setIssued] = useState<IssuedLinkAnswer | null>(null)
  const make = useAction(async () => {
    setIssued(await api.post<IssuedLinkAnswer>(`/credential-links/${link.linkId}/again`, {}))
    void invalidate('/credential-links')
  })
  const { run } = make
  useEffect(() => void run(), [run])
  return (
    <Dialog
      open
      onClose={onClose}
      size="medium"
      shownOnce={issued !== null}
      title={issued ? t.ready : t.againTitle(link.address)}
      description={issued ? t.readyText : undefined}
      footer={
        issued && (
          <Button kind="primary" onClick={onClose}>
            {t.close}
          </Button>
        )
      }
    >
      {issued ? (
        <IssuedLink link={issued} wasMailed={false} />
      ) : make.problem ? (
        <ErrorState problem={make.problem} retry={() => void run()} />
      ) : (
        <Loading lines={2} />
      )}
    </Dialog>
  )
}
