import type { Bound } from '../../shared/ui/field.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import './sign-in.css'

/** Six digits of an app, which telephones offer to fill in; or a recovery code, which is typed from paper. */
export function CodeField({
  label,
  hint,
  recovery,
  ...bound
}: Bound<string> & { label: string; hint: string; recovery?: boolean }) {
  return (
    <TextField
      {...bound}
      label={label}
      hint={hint}
      className="code-field"
      inputMode={recovery ? 'text' : 'numeric'}
      autoComplete={recovery ? 'off' : 'one-time-code'}
      autoCapitalize="none"
      spellCheck={false}
      autoFocus
    />
  )
}
