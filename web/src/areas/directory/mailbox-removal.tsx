/** The end of a mailbox: into the bin, and from there back or for good. */
import { useState } from 'react'
import { useLocation } from 'wouter'
import { invalidate } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { type MailboxDetails, mailboxPath } from './contract.ts'

const texts = defineTexts({
  fr: {
    title: 'Mettre à la corbeille',
    description:
      'Le courrier, les réglages et l’adresse sont conservés 30 jours. En attendant, la connexion est fermée et les messages reçus sont refusés. Ensuite, tout est supprimé.',
    remove: 'Mettre à la corbeille',
    question: (address: string) => `Mettre ${address} à la corbeille ?`,
    text: 'Vous pourrez la restaurer pendant 30 jours.',
    removed: (address: string) => `${address} est dans la corbeille.`,
  },
  en: {
    title: 'Move to the bin',
    description:
      'Mail, settings and address are kept for 30 days. Meanwhile nobody signs in, and messages to it are refused. After that, everything is deleted.',
    remove: 'Move to the bin',
    question: address => `Move ${address} to the bin?`,
    text: 'You can restore it for 30 days.',
    removed: address => `${address} is in the bin.`,
  },
})

export function MailboxRemoval({ mailbox }: { mailbox: MailboxDetails }) {
  const t = useTexts(texts)
  const [, navigate] = useLocation()
  const [asking, setAsking] = useState(false)
  return (
    <Card tone="danger" title={t.title} description={t.description}>
      <div>
        <Button kind="danger" onClick={() => setAsking(true)}>
          {t.remove}
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t.question(mailbox.address)}
        confirm={t.remove}
        danger
        onConfirm={async () => {
          await api.delete(mailboxPath(mailbox.address))
          showToast({ text: t.removed(mailbox.address) })
          navigate('/bin')
          await Promise.all([invalidate('/mailboxes'), invalidate('/bin'), invalidate('/domains')])
        }}
      >
        {t.text}
      </ConfirmDialog>
    </Card>
  )
}
