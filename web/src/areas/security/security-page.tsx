/** How one signs in: password, second factor, app passwords, open sessions. */
import { useState } from 'react'
import type { SecondFactorAnswer } from '../../../../src/api/second-factor.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useSession } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { AppPasswordsCard } from './app-passwords-card.tsx'
import { PasswordCard } from './password-card.tsx'
import { RecoveryCodesDialog } from './recovery-codes.tsx'
import { changed, SecondFactorCard } from './second-factor-card.tsx'
import { SessionsCard } from './sessions-card.tsx'
import { texts } from './texts.ts'

export default function SecurityPage() {
  const t = useTexts(texts)
  const { mustSetUpSecondFactor, principal } = useSession()
  const factor = useResource<SecondFactorAnswer>('/second-factor')
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[] | null>(null)
  const putAway = (): void => {
    setRecoveryCodes(null)
    void changed()
  }
  return (
    <Page title={t.title} description={principal.address}>
      {mustSetUpSecondFactor && <Alert kind="warning">{t.mustSetUp}</Alert>}
      <Await resource={factor}>{found => <SecondFactorCard factor={found} onRecoveryCodes={setRecoveryCodes} />}</Await>
      <RecoveryCodesDialog codes={recoveryCodes} onClose={putAway} />
      {!mustSetUpSecondFactor && (
        <>
          {principal.hasMailbox && <AppPasswordsCard />}
          <PasswordCard />
          <SessionsCard />
          <Card
            title={t.signIns}
            description={t.signInsText}
            footer={<ButtonLink href="/security/sign-ins">{t.seeSignIns}</ButtonLink>}
          />
        </>
      )}
    </Page>
  )
}
