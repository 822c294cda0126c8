/** A link to one trace, for whoever helps: made on a click, shown once. */
import { Share2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../shared/api/session.ts'
import { useAction } from '../../shared/api/use-action.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { CopyField } from '../../shared/ui/copy.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { texts } from './texts.ts'

interface TraceLink {
  url: string
  expiresAt: number
}

export function ShareButton({ path }: { path: string }) {
  const t = useTexts(texts)
  const f = useFormat()
  const [link, setLink] = useState<TraceLink | null>(null)
  const make = useAction(async () => setLink(await api.post<TraceLink>(`${path}/links`)))
  const { problem } = make
  const close = (): void => {
    setLink(null)
    make.reset()
  }
  return (
    <>
      <Button icon={Share2} busy={make.busy} onClick={() => void make.run()}>
        {t.share}
      </Button>
      <Dialog
        open={link !== null || problem !== null}
        onClose={close}
        title={t.share}
        description={link && t.shareText(f.dateTime(link.expiresAt))}
        footer={<Button onClick={close}>{t.close}</Button>}
      >
        {link && <CopyField label={t.link} value={link.url} />}
        {problem && (
          <Alert kind="danger" live>
            {problem.message}
          </Alert>
        )}
      </Dialog>
    </>
  )
}
