/** Short messages after an action, at the foot of the window. Read aloud; they stay while pointed at, and errors stay until closed. */
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { createStore, useStore } from '../store.ts'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'
import './toast.css'

const texts = defineTexts({
  fr: { close: 'Fermer le message', region: 'Messages' },
  en: { close: 'Close the message', region: 'Messages' },
})

export interface Toast {
  kind?: 'success' | 'danger'
  text: string
  /** One thing to do about it, such as undoing. */
  action?: { label: string; onSelect(): void }
}

interface Shown extends Toast {
  id: number
}

/** Long enough to read two lines twice, as WCAG 2.2.1 has it in mind. */
const shownFor = 7000

const store = createStore<readonly Shown[]>([])
let lastId = 0

export function showToast(toast: Toast): void {
  lastId++
  store.set([...store.get().slice(-2), { ...toast, id: lastId }])
}

const close = (id: number): void => store.set(store.get().filter(toast => toast.id !== id))

function ToastLine({ toast }: { toast: Shown }) {
  const t = useTexts(texts)
  const [held, setHeld] = useState(false)
  const stays = toast.kind === 'danger'
  useEffect(() => {
    if (held || stays) return
    const timer = setTimeout(() => close(toast.id), shownFor)
    return () => clearTimeout(timer)
  }, [held, stays, toast.id])
  return (
    <li
      className={`toast ${toast.kind ?? 'success'}`}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon of={toast.kind === 'danger' ? CircleAlert : CircleCheck} />
      <span className="toast-text">{toast.text}</span>
      {toast.action && (
        <button
          type="button"
          className="toast-action"
          onClick={() => {
            toast.action?.onSelect()
            close(toast.id)
          }}
        >
          {toast.action.label}
        </button>
      )}
      <IconButton icon={X} label={t.close} small onClick={() => close(toast.id)} />
    </li>
  )
}

/** Once in the tree, and always there: a live region that appears with its text is not read. */
export function Toasts() {
  const t = useTexts(texts)
  const toasts = useStore(store)
  return (
    <section className="toasts no-print" aria-label={t.region}>
      <ul className="list" aria-live="polite" aria-relevant="additions">
        {toasts.map(toast => (
          <ToastLine key={toast.id} toast={toast} />
        ))}
      </ul>
    </section>
  )
}
