/** Asks for the password over the page as it is: what was typed stays, and the request that found the session ended is sent again. */
import { SignInForm } from '../areas/sign-in/sign-in-form.tsx'
import { forgetSession } from '../shared/api/session.ts'
import { useTexts } from '../shared/texts/texts.ts'
import { Dialog } from '../shared/ui/dialog.tsx'
import { texts } from './texts.ts'

export function SessionEnded({ address }: { address: string }) {
  const t = useTexts(texts)
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
