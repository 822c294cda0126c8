/** Native dialogs: the browser keeps the focus inside, closes on Escape and gives the focus back. While something in one is under way it stays: what comes of it may be shown once. */
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useAction } from '../api/use-action.ts'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { Alert } from './alert.tsx'
import { Button, IconButton } from './button.tsx'
import './dialog.css'
import { TextField } from './text-field.tsx'
import { useUnsavedChanges } from './unsaved-changes.ts'

const texts = defineTexts({
  fr: {
    close: 'Fermer',
    cancel: 'Annuler',
    typeToConfirm: (word: string) => `Pour confirmer, saisissez « ${word} »`,
  },
  en: {
    close: 'Close',
    cancel: 'Cancel',
    typeToConfirm: word => `To confirm, type “${word}”`,
  },
})

export interface DialogProps {
  open: boolean
  onClose(): void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
  /** Buttons, the main one last. Leave it out where the content is a Form with its own. */
  footer?: ReactNode
  size?: 'small' | 'medium' | 'large'
  /** Can't be closed without an answer. */
  insistent?: boolean
  /** Holds what nobody sees again: the same, and the page asks before it is left. */
  shownOnce?: boolean
}

export function Dialog(props: DialogProps) {
  // Content is mounted while open only, so that each opening starts afresh.
  return props.open ? <OpenDialog {...props} /> : null
}

function OpenDialog(props: DialogProps) {
  const { onClose, title, description, children, footer, size = 'small', shownOnce = false } = props
  const insistent = props.insistent || shownOnce
  const t = useTexts(texts)
  const id = useId()
  const element = useRef<HTMLDialogElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const pressed = useRef<EventTarget | null>(null)
  useUnsavedChanges(shownOnce)
  const stays = (): boolean => insistent || element.current?.querySelector('button[aria-busy="true"]') != null
  const close = (): void => {
    if (!stays()) onClose()
  }

  useEffect(() => {
    const dialog = element.current
    const before = document.activeElement
    if (dialog && !dialog.open) dialog.showModal()
    return () => {
      dialog?.close()
      // What opened it may be gone with the row that was removed: the page's heading is the nearest that is left.
      const back = before instanceof HTMLElement && before.isConnected ? before : document.querySelector('main h1')
      if (back instanceof HTMLElement) back.focus()
    }
  }, [])

  // What was pressed may be gone with the form that made room for its result.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  })

  return (
    <dialog
      ref={element}
      className={`dialog ${size}`}
      aria-labelledby={`${id}-title`}
      aria-describedby={description ? `${id}-description` : undefined}
      onCancel={event => {
        // A file chooser inside tells of its own cancelling.
        if (event.target !== element.current) return
        event.preventDefault()
        close()
      }}
      onKeyDown={event => {
        // A second Escape closes a dialog whatever it says to the first.
        const isOwn = event.target instanceof Element && event.target.closest('dialog') === element.current
        if (event.key === 'Escape' && isOwn && stays()) event.preventDefault()
      }}
      onClose={event => {
        // The same by the back button of a phone.
        const dialog = element.current
        if (event.target !== dialog || dialog === null || dialog.open) return
        if (stays()) dialog.showModal()
        else onClose()
      }}
      onMouseDown={event => {
        pressed.current = event.target
      }}
      onClick={event => {
        // Only a click that begins and ends outside: selecting text may end there. What was typed is not lost by one.
        const isOutside = event.target === element.current && pressed.current === element.current
        if (isOutside && element.current?.querySelector('form') === null) close()
      }}
    >
      <div className="dialog-content">
        <header className="dialog-header">
          <h2 ref={heading} tabIndex={-1} id={`${id}-title`}>
            {title}
          </h2>
          {!insistent && <IconButton icon={X} label={t.close} small onClick={close} />}
        </header>
        {description && (
          <div id={`${id}-description`} className="dialog-description">
            {description}
          </div>
        )}
        {children && <div className="dialog-body">{children}</div>}
        {footer && <footer className="dialog-footer">{footer}</footer>}
      </div>
    </dialog>
  )
}

export interface ConfirmDialogProps {
  open: boolean
  onClose(): void
  /** A question that names the thing: “Supprimer alice@example.org ?”. */
  title: ReactNode
  /** What it does, and what can't be undone. */
  children?: ReactNode
  /** What the button does, a verb: “Supprimer la boîte”. */
  confirm: ReactNode
  /** Red, for what destroys. */
  danger?: boolean
  /** Must be typed first: for what can't be undone and matters. */
  typeToConfirm?: string
  /** The dialog shows its problem and stays; it closes when this resolves. */
  onConfirm(): Promise<unknown> | unknown
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  return props.open ? <OpenConfirmDialog {...props} /> : null
}

function OpenConfirmDialog(props: ConfirmDialogProps) {
  const { onClose, title, children, confirm, danger, typeToConfirm, onConfirm } = props
  const t = useTexts(texts)
  const [typed, setTyped] = useState('')
  const action = useAction(async () => {
    await onConfirm()
    return true
  })
  const ready = typeToConfirm === undefined || typed.trim().toLowerCase() === typeToConfirm.toLowerCase()
  const go = async (): Promise<void> => {
    if (ready && (await action.run())) onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={children}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button kind={danger ? 'danger' : 'primary'} busy={action.busy} disabled={!ready} onClick={() => void go()}>
            {confirm}
          </Button>
        </>
      }
    >
      {(typeToConfirm !== undefined || action.problem) && (
        <form
          className="stack"
          onSubmit={event => {
            event.preventDefault()
            void go()
          }}
        >
          {typeToConfirm !== undefined && (
            <TextField
              label={t.typeToConfirm(typeToConfirm)}
              name="confirmation"
              value={typed}
              onChange={setTyped}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
          {action.problem && (
            <Alert kind="danger" live>
              {action.problem.message}
            </Alert>
          )}
        </form>
      )}
    </Dialog>
  )
}
