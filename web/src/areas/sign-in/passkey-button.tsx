import { KeyRound } from 'lucide-react'
import { useAction } from '../../shared/api/use-action.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { passkeysAreSupported } from './passkey.ts'

/** Nothing, where the browser has no passkeys. */
export function PasskeyButton({ label, primary, work }: { label: string; primary?: boolean; work(): Promise<void> }) {
  const action = useAction(work)
  if (!passkeysAreSupported()) return null
  return (
    <>
      <Button
        wide
        kind={primary ? 'primary' : 'secondary'}
        icon={KeyRound}
        busy={action.busy}
        onClick={() => void action.run()}
      >
        {label}
      </Button>
      {action.problem && (
        <Alert kind="danger" live>
          {action.problem.message}
        </Alert>
      )}
    </>
  )
}
