/** Asks for the password over the page as it is: what was typed stays, and the requests that wait for it are sent again. */
import { ConfirmForm } from '../areas/sign-in/confirm-form.tsx'
import { SignInForm } from '../areas/sign-in/sign-in-form.tsx'
import { answered, forgetSession, useSessionState } from '../shared/api/session.ts'
import { useTexts } from '../shared/texts/texts.ts'
import { Dialog } from '../shared/ui/dialog.tsx'
import { texts } from './texts.ts'

export function PasswordAgain() {
  const t = useTexts(texts)
  const state = useSessionState()
  if (state.status !== 'signed-in' || state.asks === 'nothing') return null
  const { address } = state.session.principal
  if (state.asks === 'confirmation')
    return (
      <Dialog open onClose={() => answered(false)} title={t.confirm} description={<p>{t.confirmText}</p>}>
        <ConfirmForm address={address} />
      </Dialog>
    )
  return (
    <Dialog open insistent onClose={() => undefined} title={t.ended} description={<p>{t.endedText}</p>}>
      <div className="stack">
        <SignInForm address={address} />
        <p>
          <button type="button" className="link" onClick={forgetSession}>
            {t.otherAccount}
          </button>
        </p>
      </div>
    </Dialog>
  )
}
