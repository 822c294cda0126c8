import type { ComponentProps, ReactNode } from 'react'
import { type Bound, Field, type FieldLook, useAutoFocus, useFieldWires } from './field.tsx'

type Passed = Pick<
  ComponentProps<'input'>,
  | 'autoComplete'
  | 'autoFocus'
  | 'inputMode'
  | 'maxLength'
  | 'placeholder'
  | 'readOnly'
  | 'spellCheck'
  | 'autoCapitalize'
  | 'min'
  | 'max'
  | 'step'
>

export interface TextFieldProps extends Bound<string>, FieldLook, Passed {
  type?: 'text' | 'email' | 'url' | 'tel' | 'number' | 'time'
  required?: boolean
  /** Inside, at the end: a unit, such as “Go”. */
  unit?: ReactNode
}

export function TextField(props: TextFieldProps) {
  const { name, value, onChange, error, label, hint, optional, disabled, aside, className, unit, required, ...input } =
    props
  const wires = useFieldWires(hint, error)
  const ref = useAutoFocus(input.autoFocus)
  const control = (
    <input
      ref={ref}
      {...wires}
      {...input}
      type={input.type ?? 'text'}
      className="input"
      name={name}
      value={value}
      disabled={disabled}
      aria-required={required}
      onChange={event => onChange(event.currentTarget.value)}
    />
  )
  return (
    <Field {...{ wires, label, hint, optional, aside, error, className }}>
      {unit === undefined ? (
        control
      ) : (
        <div className="with-inside end">
          {control}
          <span className="inside" aria-hidden="true">
            <span className="unit">{unit}</span>
          </span>
        </div>
      )}
    </Field>
  )
}

/** Where an address is typed: no capitals, no corrections, the keyboard with @. */
export function AddressField(props: Omit<TextFieldProps, 'type'>) {
  return (
    <TextField autoComplete="email" {...props} inputMode="email" autoCapitalize="none" spellCheck={false} type="text" />
  )
}

export interface TextAreaProps extends Bound<string>, FieldLook {
  rows?: number
  maxLength?: number
  placeholder?: string
  required?: boolean
  autoFocus?: boolean
}

export function TextArea(props: TextAreaProps) {
  const { name, value, onChange, error, label, hint, optional, disabled, aside, className, required, ...rest } = props
  const wires = useFieldWires(hint, error)
  const ref = useAutoFocus<HTMLTextAreaElement>(rest.autoFocus)
  return (
    <Field {...{ wires, label, hint, optional, aside, error, className }}>
      <textarea
        ref={ref}
        {...wires}
        {...rest}
        className="input"
        name={name}
        value={value}
        disabled={disabled}
        aria-required={required}
        onChange={event => onChange(event.currentTarget.value)}
      />
    </Field>
  )
}

/** A day, as `2026-12-04`; empty when none is chosen. The browser shows it in its own way. */
export function DateField(props: Bound<string> & FieldLook & { min?: string; max?: string; required?: boolean }) {
  const { name, value, onChange, error, label, hint, optional, disabled, aside, className, required, min, max } = props
  const wires = useFieldWires(hint, error)
  return (
    <Field {...{ wires, label, hint, optional, aside, error, className }}>
      <input
        {...wires}
        className="input"
        type="date"
        name={name}
        value={value}
        min={min}
        max={max}
        disabled={disabled}
        required={required}
        onChange={event => onChange(event.currentTarget.value)}
      />
    </Field>
  )
}
