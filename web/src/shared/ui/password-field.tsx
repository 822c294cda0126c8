import { Eye, EyeOff, TriangleAlert } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { IconButton } from './button.tsx'
import { type Bound, Field, type FieldLook, useAutoFocus, useFieldWires } from './field.tsx'
import { Icon } from './icon.tsx'
import './password-field.css'

const texts = defineTexts({
  fr: {
    show: 'Afficher le mot de passe',
    hide: 'Masquer le mot de passe',
    capsLock: 'La touche Verr. Maj est active.',
  },
  en: { show: 'Show the password', hide: 'Hide the password', capsLock: 'Caps Lock is on.' },
})

export interface PasswordFieldProps extends Bound<string>, FieldLook {
  autoComplete: 'current-password' | 'new-password' | 'off'
  /** What is live below the field, such as `<PasswordRules>`. */
  rules?: ReactNode
  autoFocus?: boolean
}

export function PasswordField(props: PasswordFieldProps) {
  const { name, value, onChange, error, label, hint, optional, disabled, aside, className, rules, ...input } = props
  const t = useTexts(texts)
  const [shown, setShown] = useState(false)
  const [capsLock, setCapsLock] = useState(false)
  const wires = useFieldWires(hint, error)
  const ref = useAutoFocus(input.autoFocus)
  const rulesId = `${wires.id}-rules`
  const described = [wires['aria-describedby'], rules && rulesId].filter(Boolean).join(' ')
  const watch = (event: { getModifierState?(key: string): boolean }): void =>
    setCapsLock(event.getModifierState?.('CapsLock') ?? false)
  return (
    <Field {...{ wires, label, hint, optional, aside, error, className }}>
      <div className="with-inside end">
        <input
          ref={ref}
          {...wires}
          {...input}
          aria-describedby={described || undefined}
          className="input"
          type={shown ? 'text' : 'password'}
          name={name}
          value={value}
          disabled={disabled}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          onChange={event => onChange(event.currentTarget.value)}
          onKeyDown={watch}
          onKeyUp={watch}
          onBlur={() => setCapsLock(false)}
        />
        <span className="inside">
          <IconButton
            icon={shown ? EyeOff : Eye}
            label={shown ? t.hide : t.show}
            onClick={() => setShown(!shown)}
            small
            disabled={disabled}
          />
        </span>
      </div>
      <p className="caps-lock" role="status">
        {capsLock && (
          <>
            <Icon of={TriangleAlert} size={15} /> {t.capsLock}
          </>
        )}
      </p>
      {rules && <div id={rulesId}>{rules}</div>}
    </Field>
  )
}
