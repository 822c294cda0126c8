/** What every field has: a label, a hint, an error, and the wires between them (aria-describedby, aria-invalid). */
import { CircleAlert } from 'lucide-react'
import { type ReactNode, type RefObject, useEffect, useId, useRef } from 'react'
import './field.css'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { Icon } from './icon.tsx'

const texts = defineTexts({ fr: { optional: 'facultatif' }, en: { optional: 'optional' } })

/** What `form.field(name)` gives, and what a field without a form is given by hand. */
export interface Bound<T> {
  name: string
  value: T
  onChange(value: T): void
  error?: string | undefined
}

export interface FieldLook {
  label: ReactNode
  hint?: ReactNode
  optional?: boolean
  disabled?: boolean
  /** Beside the label, such as a link. */
  aside?: ReactNode
  className?: string
}

export interface FieldWires {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
}

/** The ids of a field's parts. A field is found by its name in the summary of errors: `field-<name>`. */
export function useFieldWires(hint: ReactNode, error: string | undefined, more?: string): FieldWires {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`, more].filter(Boolean).join(' ')
  return { id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined }
}

/** The attribute works where the page or a dialog opens with the field; this, wherever it comes up later. */
export function useAutoFocus<Control extends HTMLElement = HTMLInputElement>(
  wanted: boolean | undefined,
): RefObject<Control | null> {
  const control = useRef<Control>(null)
  useEffect(() => {
    if (wanted) control.current?.focus()
  }, [wanted])
  return control
}

export function FieldError({ id, error }: { id: string; error: string | undefined }) {
  if (!error) return null
  return (
    <p className="error" id={`${id}-error`}>
      <Icon of={CircleAlert} size={15} />
      <span>{error}</span>
    </p>
  )
}

export function Field({
  wires,
  label,
  hint,
  optional,
  aside,
  error,
  className,
  children,
}: FieldLook & { wires: FieldWires; error?: string | undefined; children: ReactNode }) {
  const t = useTexts(texts)
  const labelLine = (
    <label htmlFor={wires.id}>
      {label}
      {optional && <span className="optional">({t.optional})</span>}
    </label>
  )
  return (
    <div className={`field ${className ?? ''}`}>
      {aside ? (
        <div className="label-row">
          {labelLine}
          {aside}
        </div>
      ) : (
        labelLine
      )}
      {hint && (
        <div className="hint" id={`${wires.id}-hint`}>
          {hint}
        </div>
      )}
      {children}
      <FieldError id={wires.id} error={error} />
    </div>
  )
}
