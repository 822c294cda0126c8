/** The single-use link of a mailbox: made, shown once, to be copied or mailed. */
import { KeyRound } from 'lucide-react'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { CopyField } from '../../shared/ui/copy.tsx'
import type { IssuedLink } from './contract.ts'

const texts = defineTexts({
  fr: {
    label: 'Lien d’accès',
    hint: (date: string) =>
      `Il révèle l’identifiant et le mot de passe une seule fois, jusqu’au ${date}. Vous ne le reverrez pas ici.`,
    sent: (address: string) => `Le lien a été envoyé à ${address}.`,
    code: 'Code à donner par téléphone',
  },
  en: {
    label: 'Single-use link',
    hint: date => `It reveals user name and password once, until ${date}. You won’t see it here again.`,
    sent: address => `The link was sent to ${address}.`,
    code: 'Code to be told by phone',
  },
})

export const issueLink = (address: string): Promise<IssuedLink> =>
  api.post<IssuedLink>('/credential-links', { address })

export function LinkResult({ link }: { link: IssuedLink }) {
  const t = useTexts(texts)
  const f = useFormat()
  return (
    <div className="stack">
      {link.sentTo && <Alert kind="success">{t.sent(link.sentTo)}</Alert>}
      <CopyField label={t.label} value={link.url} hint={t.hint(f.date(link.expiresAt))} />
      {link.code && <CopyField label={t.code} value={link.code} />}
    </div>
  )
}

export const linkIcon = KeyRound
