/** Check box, switch, radio buttons. A check box says what will be sent; a switch acts or says what is. */
import { type ReactNode, useId } from 'react'
import { classNames } from './class-names.ts'
import { type Bound, FieldError, useFieldWires } from './field.tsx'

interface ChoiceProps extends Bound<boolean> {
  label: ReactNode
  hint?: ReactNode
  disabled?: boolean
}

export function Checkbox({ name, value, onChange, error, label, hint, disabled }: ChoiceProps) {
  const wires = useFieldWires(hint, error)
  return (
    <div className="field">
      <label className="choice">
        <input
          {...wires}
          type="checkbox"
          className="check"
          name={name}
          checked={value}
          disabled={disabled}
          onChange={event => onChange(event.currentTarget.checked)}
        />
        <span className="choice-label">{label}</span>
        {hint && (
          <span className="hint" id={`${wires.id}-hint`}>
            {hint}
          </span>
        )}
      </label>
      <FieldError id={wires.id} error={error} />
    </div>
  )
}

export function Switch({ name, value, onChange, error, label, hint, disabled }: ChoiceProps) {
  const wires = useFieldWires(hint, error)
  return (
    <div className="field">
      <label className="choice switch-line">
        <span className="choice-label">{label}</span>
        <input
          {...wires}
          type="checkbox"
          role="switch"
          aria-checked={value}
          className="switch"
          name={name}
          checked={value}
          disabled={disabled}
          onChange={event => onChange(event.currentTarget.checked)}
        />
        {hint && (
          <span className="hint" id={`${wires.id}-hint`}>
            {hint}
          </span>
        )}
      </label>
      <FieldError id={wires.id} error={error} />
    </div>
  )
}

export interface RadioOption<T extends string> {
  value: T
  label: ReactNode
  hint?: ReactNode
  disabled?: boolean
}

export interface RadioGroupProps<T extends string> extends Bound<T> {
  label: ReactNode
  hint?: ReactNode
  options: readonly RadioOption<T>[]
  /** Each in a frame of its own: for few choices that need explaining. */
  cards?: boolean
  disabled?: boolean
}

export function RadioGroup<T extends string>(props: RadioGroupProps<T>) {
  const { name, value, onChange, error, label, hint, options, cards, disabled } = props
  const wires = useFieldWires(hint, error)
  const group = useId()
  return (
    <fieldset className="field" aria-describedby={wires['aria-describedby']}>
      <legend>{label}</legend>
      {hint && (
        <p className="hint" id={`${wires.id}-hint`}>
          {hint}
        </p>
      )}
      <div className={classNames(cards ? 'radio-cards' : 'choices')}>
        {options.map((option, index) => (
          <label className="choice" key={option.value}>
            <input
              id={index === 0 ? wires.id : undefined}
              aria-invalid={wires['aria-invalid']}
              type="radio"
              className="radio"
              name={`${group}${name}`}
              data-field={name}
              checked={value === option.value}
              disabled={disabled || option.disabled}
              onChange={() => onChange(option.value)}
            />
            <span className="choice-label">{option.label}</span>
            {option.hint && <span className="hint">{option.hint}</span>}
          </label>
        ))}
      </div>
      <FieldError id={wires.id} error={error} />
    </fieldset>
  )
}
