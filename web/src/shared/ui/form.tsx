import { type ReactNode, useEffect, useId, useRef } from 'react'
import { en, fr } from '../texts/format.ts'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { Alert } from './alert.tsx'
import { Button, type ButtonKind } from './button.tsx'
import { FieldError } from './field.tsx'
import './form.css'
import { useUnsavedChanges } from './unsaved-changes.ts'
import type { FormState } from './use-form.ts'

const texts = defineTexts({
  fr: {
    errors: (count: number) => `${fr.plural(count, 'champ est à corriger', 'champs sont à corriger')} :`,
  },
  en: {
    errors: count => `${en.plural(count, 'field needs', 'fields need')} correcting:`,
  },
})

/** With fewer, the fields themselves are seen at a glance. */
const summarised = 3

export interface FormProps<V extends object> {
  form: FormState<V>
  /** The text of the button that sends. */
  submit: ReactNode
  submitKind?: ButtonKind
  /** Beside that button: cancel, a second action. */
  actions?: ReactNode
  /** The button as wide as the form. */
  wide?: boolean
  /** Who leaves the page with changes is asked first. */
  warnsOnLeave?: boolean
  children: ReactNode
  className?: string
}

/** What is wrong first, in the order of the form: a field, or what a group says of itself. */
const wrongPart = '[aria-invalid="true"], .group-error'

/** The control of that name in `form`. */
function controlOf(form: HTMLFormElement, name: string): HTMLElement | null {
  const escaped = CSS.escape(name)
  return form.querySelector<HTMLElement>(`[name="${escaped}"], [data-field="${escaped}"]`)
}

export function Form<V extends object>(props: FormProps<V>) {
  const { form, submit, submitKind = 'primary', actions, wide, warnsOnLeave = false, children, className } = props
  const t = useTexts(texts)
  const element = useRef<HTMLFormElement>(null)
  const problem = useRef<HTMLDivElement>(null)
  const wrong = Object.entries<string | undefined>(form.errors as Record<string, string | undefined>).filter(
    (entry): entry is [string, string] => Boolean(entry[1]),
  )

  useUnsavedChanges(warnsOnLeave && form.dirty)
  useEffect(() => {
    if (form.refusals === 0 || element.current === null) return
    const first = element.current.querySelector<HTMLElement>(wrongPart)
    if (first) first.focus()
    else problem.current?.focus()
  }, [form.refusals])

  return (
    <form
      ref={element}
      className={`form ${className ?? ''}`}
      noValidate
      onSubmit={event => {
        event.preventDefault()
        void form.send()
      }}
    >
      <div className="form-messages" role="alert">
        {form.problem && (
          <div tabIndex={-1} ref={problem}>
            <Alert kind="danger">{form.problem.message}</Alert>
          </div>
        )}
        {wrong.length >= summarised && (
          <Alert kind="danger" title={t.errors(wrong.length)}>
            <ul className="list form-errors">
              {wrong.map(([name, text]) => (
                <li key={name}>
                  <button
                    type="button"
                    className="link"
                    onClick={() => element.current && controlOf(element.current, name)?.focus()}
                  >
                    {text}
                  </button>
                </li>
              ))}
            </ul>
          </Alert>
        )}
      </div>
      {children}
      <div className="form-actions">
        <Button type="submit" kind={submitKind} busy={form.busy} wide={wide}>
          {submit}
        </Button>
        {actions}
      </div>
    </form>
  )
}

/** Fields that belong together, under a heading. */
export function FieldGroup({
  title,
  description,
  error,
  children,
}: {
  title: ReactNode
  description?: ReactNode
  /** What is wrong with the group as a whole. */
  error?: string | undefined
  children: ReactNode
}) {
  const id = useId()
  return (
    <fieldset className="field-group">
      <legend>{title}</legend>
      {description && <p className="muted">{description}</p>}
      {error && (
        <div className="field group-error" tabIndex={-1}>
          <FieldError id={id} error={error} />
        </div>
      )}
      <div className="stack">{children}</div>
    </fieldset>
  )
}
