import { ChevronDown } from 'lucide-react'
import { type Bound, Field, type FieldLook, useFieldWires } from './field.tsx'
import { Icon } from './icon.tsx'

export interface Option<T extends string> {
  value: T
  label: string
  disabled?: boolean
}

export interface SelectProps<T extends string> extends Bound<T>, FieldLook {
  options: readonly Option<T>[]
  required?: boolean
}

export function Select<T extends string>(props: SelectProps<T>) {
  const { name, value, onChange, error, label, hint, optional, disabled, aside, className, options, required } = props
  const wires = useFieldWires(hint, error)
  return (
    <Field {...{ wires, label, hint, optional, aside, error, className }}>
      <div className="select">
        <select
          {...wires}
          className="input"
          name={name}
          value={value}
          disabled={disabled}
          aria-required={required}
          onChange={event => {
            const chosen = options.find(option => option.value === event.currentTarget.value)
            if (chosen) onChange(chosen.value)
          }}
        >
          {options.map(option => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
        <Icon of={ChevronDown} size={16} />
      </div>
    </Field>
  )
}
