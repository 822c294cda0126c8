/** How full the mailbox is, what takes the room, and getting some of it back. */
import { useState } from 'react'
import type { SpaceAnswer } from '../../../../src/api/mail-space.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Meter } from '../../shared/ui/meter.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { texts } from './texts.ts'

type Folder = SpaceAnswer['folders'][number]
type Emptied = 'trash' | 'junk'

const shown = 3

export function SpaceCard() {
  const t = useTexts(texts)
  const f = useFormat()
  const space = useResource<SpaceAnswer>('/mailbox/space')
  const [emptying, setEmptying] = useState<Emptied | null>(null)
  const folderOf = (use: Emptied) => space.data?.folders.find(({ specialUse }) => specialUse === use)
  // The trash first: what is in it was thrown away by the owner himself.
  const use = (['trash', 'junk'] as const).find(folderOf)
  const offered = use && folderOf(use)
  const folder = emptying && folderOf(emptying)
  const empty = async (): Promise<void> => {
    const { messages } = await api.post<{ messages: number }>(`/mailbox/folders/${emptying}/empty`)
    await invalidate('/mailbox/space')
    showToast({ text: t.emptied(t.messages(messages)) })
  }
  return (
    <Card
      title={t.space}
      footer={
        use &&
        offered && (
          <Button onClick={() => setEmptying(use)}>
            {(use === 'trash' ? t.emptyTrash : t.emptyJunk)(f.size(offered.sizeBytes))}
          </Button>
        )
      }
    >
      <Await resource={space}>
        {({ usedBytes, quotaBytes, messages, folders }) => (
          <div className="stack">
            <Meter label={messages === 0 ? t.spaceLabel : t.messages(messages)} used={usedBytes} total={quotaBytes} />
            {folders.length === 0 ? (
              <p className="muted">{t.noMessages}</p>
            ) : (
              <section className="stack tight" aria-label={t.biggest}>
                <h3 className="home-small">{t.biggest}</h3>
                <ul className="list home-folders">
                  {folders.slice(0, shown).map(found => (
                    <li key={found.name}>
                      <span className="home-clip">{nameOf(found, t.folders)}</span>
                      <span className="muted tabular">{f.size(found.sizeBytes)}</span>
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </div>
        )}
      </Await>
      <ConfirmDialog
        open={emptying !== null && Boolean(folder)}
        onClose={() => setEmptying(null)}
        title={emptying && t.emptyTitle[emptying]}
        confirm={t.emptyConfirm}
        danger
        onConfirm={empty}
      >
        {folder && t.emptyText(t.messages(folder.messages), f.size(folder.sizeBytes))}
      </ConfirmDialog>
    </Card>
  )
}

/** Folders with a purpose are called by it, whatever a mail program named them. */
function nameOf({ name, specialUse }: Folder, names: Record<string, string>): string {
  return names[specialUse ?? (name === 'INBOX' ? 'inbox' : '')] ?? name
}
