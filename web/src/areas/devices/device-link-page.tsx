/** What a phone sees behind the scanned code. Opening it spends nothing; the form fetches the profile, once. */
import { useEffect, useState } from 'react'
import { useParams } from 'wouter'
import { type ApiProblem, asProblem } from '../../shared/api/problem.ts'
import { api } from '../../shared/api/session.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Loading } from '../../shared/ui/states.tsx'
import { OutsidePage } from '../outside.tsx'

const texts = defineTexts({
  fr: {
    title: 'Ajouter votre boîte mail à cet appareil',
    text: (address: string) => `Le profil ajoute ${address} à l’application Mail, et rien d’autre.`,
    noPassword: 'Un mot de passe réservé à cet appareil est compris : Mail n’en demandera pas.',
    password: 'Mail vous demandera le mot de passe de la boîte.',
    fetch: 'Télécharger le profil',
    afterwards: 'Touchez ensuite Autoriser, ouvrez Réglages, puis Profil téléchargé.',
    gone: 'Ce lien a déjà servi, ou a expiré',
    goneText: 'Demandez un autre code dans votre panneau, sous « Mes appareils ».',
  },
  en: {
    title: 'Add your mailbox to this device',
    text: address => `The profile adds ${address} to the Mail app, and nothing else.`,
    noPassword: 'A password for this device alone is included: Mail will ask for none.',
    password: 'Mail will ask you for the password of the mailbox.',
    fetch: 'Download the profile',
    afterwards: 'Then tap Allow, open Settings, and Profile Downloaded.',
    gone: 'This link has been used already, or has expired',
    goneText: 'Ask for another code in your panel, under “My devices”.',
  },
})

export default function DeviceLinkPage() {
  const t = useTexts(texts)
  const { token = '' } = useParams<{ token: string }>()
  const path = encodeURIComponent(token)
  const [link, setLink] = useState<{ address: string; withPassword: boolean } | null>(null)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  useEffect(() => {
    api.get<{ address: string; withPassword: boolean }>(`/device-links/${path}`, { anonymous: true }).then(
      found => setLink(found),
      error => setProblem(asProblem(error)),
    )
  }, [path])
  return (
    <OutsidePage title={t.title} description={link && t.text(link.address)}>
      {problem ? (
        <Alert kind="warning" live title={problem.status === 404 ? t.gone : undefined}>
          {problem.status === 404 ? t.goneText : problem.message}
        </Alert>
      ) : link === null ? (
        <Loading />
      ) : (
        <form method="post" action={`/device/${path}`} className="stack">
          <p>{link.withPassword ? t.noPassword : t.password}</p>
          <Button kind="primary" type="submit" wide>
            {t.fetch}
          </Button>
          <p className="muted">{t.afterwards}</p>
        </form>
      )}
    </OutsidePage>
  )
}
