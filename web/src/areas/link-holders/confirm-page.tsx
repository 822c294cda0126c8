/** The link mailed to an external address: a click says that it is read. */

import { useState } from 'react'
import type { ConfirmedAnswer } from '../../../../src/api/recovery.ts'
import { useAction } from '../../shared/api/use-action.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { OutsidePage } from '../outside.tsx'
import { forgetToken, post } from './use-link.ts'

const texts = defineTexts({
  fr: {
    title: 'Adresse externe',
    text: 'Cette adresse servira à choisir un nouveau mot de passe si le vôtre est oublié.',
    confirm: 'Confirmer cette adresse',
    done: (address: string, external: string) => `${external} est maintenant l’adresse externe de ${address}.`,
    panel: 'Ouvrir votre espace',
  },
  en: {
    title: 'External address',
    text: 'This address will serve to choose a new password when yours is forgotten.',
    confirm: 'Confirm this address',
    done: (address, external) => `${external} is now the external address of ${address}.`,
    panel: 'Open your space',
  },
})

export default function ConfirmPage() {
  const t = useTexts(texts)
  const [token] = useState(() => location.hash.slice(1))
  const [confirmed, setConfirmed] = useState<ConfirmedAnswer | null>(null)
  const action = useAction(async () => {
    const answer = await post<ConfirmedAnswer>('/recovery-address/confirm', { token })
    forgetToken()
    setConfirmed(answer)
  })
  return (
    <OutsidePage key={confirmed ? 'confirmed' : 'asked'} title={t.title} description={confirmed ? undefined : t.text}>
      {action.problem && (
        <Alert kind="danger" live>
          {action.problem.message}
        </Alert>
      )}
      {confirmed ? (
        <>
          <Alert kind="success" live>
            {t.done(confirmed.address, confirmed.recoveryAddress)}
          </Alert>
          <ButtonLink href="/">{t.panel}</ButtonLink>
        </>
      ) : (
        <Button kind="primary" wide busy={action.busy} onClick={() => void action.run()}>
          {t.confirm}
        </Button>
      )}
    </OutsidePage>
  )
}
