/** Recovery codes, shown once: to be printed or copied. */
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CopyButton } from '../../shared/ui/copy.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { texts } from './texts.ts'

export function RecoveryCodesDialog({ codes, onClose }: { codes: readonly string[] | null; onClose(): void }) {
  const t = useTexts(texts)
  return (
    <Dialog
      open={codes !== null}
      onClose={onClose}
      size="medium"
      shownOnce
      title={t.codesReady}
      description={t.codesText}
      footer={
        <>
          <Button onClick={() => print()}>{t.print}</Button>
          <CopyButton text={(codes ?? []).join('\n')} label={t.copyAll} />
          <Button kind="primary" onClick={onClose}>
            {t.kept}
          </Button>
        </>
      }
    >
      <ol>
        {(codes ?? []).map(code => (
          <li key={code} className="mono">
            {code}
          </li>
        ))}
      </ol>
    </Dialog>
  )
}
