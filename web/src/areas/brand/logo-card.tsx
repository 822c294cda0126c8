/** The logo: shown, replaced, taken away. */
import { useRef, useState } from 'react'
import type { BrandAnswer } from '../../../../src/api/brand.ts'
import { queryClient } from '../../shared/api/queries.ts'
import { loadService } from '../../shared/api/service.ts'
import { api } from '../../shared/api/session.ts'
import { useAction } from '../../shared/api/use-action.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import './brand.css'
import { texts } from './texts.ts'

const LARGEST = 200_000

export function LogoCard({ path, brand }: { path: string; brand: BrandAnswer }) {
  const t = useTexts(texts)
  const input = useRef<HTMLInputElement>(null)
  const [tooLarge, setTooLarge] = useState(false)
  const took = async (saved: BrandAnswer, text: string): Promise<void> => {
    queryClient.setQueryData([path, {}], saved)
    await loadService()
    showToast({ text })
  }
  const upload = useAction(async (file: File) =>
    took(await api.put<BrandAnswer>(`${path}/logo`, { data: await base64Of(file) }), t.logoSaved),
  )
  const remove = useAction(async () => took(await api.delete<BrandAnswer>(`${path}/logo`), t.logoRemoved))
  const problem = tooLarge ? t.tooLarge : (upload.problem ?? remove.problem)?.message
  return (
    <Card
      title={t.logo}
      description={t.logoHint}
      footer={
        <div className="row">
          <Button busy={upload.busy} onClick={() => input.current?.click()}>
            {t.choose}
          </Button>
          {brand.logoUrl && (
            <Button kind="danger-quiet" busy={remove.busy} onClick={() => void remove.run()}>
              {t.remove}
            </Button>
          )}
        </div>
      }
    >
      <div className="stack">
        {brand.logoUrl ? (
          <img className="brand-logo" src={brand.logoUrl} alt={t.logoAlt} />
        ) : (
          <p className="muted">{t.logoNone}</p>
        )}
        {problem && (
          <Alert kind="danger" live>
            {problem}
          </Alert>
        )}
        <input
          ref={input}
          type="file"
          hidden
          tabIndex={-1}
          aria-label={t.choose}
          accept="image/png,image/jpeg"
          onChange={event => {
            const file = event.currentTarget.files?.[0]
            event.currentTarget.value = ''
            if (!file) return
            setTooLarge(file.size > LARGEST)
            if (file.size <= LARGEST) void upload.run(file)
          }}
        />
      </div>
    </Card>
  )
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}
