import { Search, X } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { IconButton } from './button.tsx'
import './field.css'
import { Icon } from './icon.tsx'

const texts = defineTexts({ fr: { clear: 'Effacer la recherche' }, en: { clear: 'Clear the search' } })

/** Tells `onChange` when typing pauses, so that a list isn't asked for at each letter. `label` is read aloud and shown inside. */
export function SearchField({
  value,
  onChange,
  label,
  delay = 250,
}: {
  value: string
  onChange(value: string): void
  label: string
  delay?: number
}) {
  const t = useTexts(texts)
  const id = useId()
  const [typed, setTyped] = useState(value)
  const input = useRef<HTMLInputElement>(null)
  const told = useRef(value)
  const tell = useRef(onChange)
  tell.current = onChange

  useEffect(() => {
    if (value === told.current) return
    told.current = value
    setTyped(value)
  }, [value])
  useEffect(() => {
    if (typed === told.current) return
    const timer = setTimeout(() => {
      told.current = typed
      tell.current(typed)
    }, delay)
    return () => clearTimeout(timer)
  }, [typed, delay])

  return (
    <search className="with-inside start end search-field">
      <label className="visually-hidden" htmlFor={id}>
        {label}
      </label>
      <span className="inside-start">
        <Icon of={Search} size={16} />
      </span>
      <input
        ref={input}
        id={id}
        type="search"
        className="input"
        placeholder={label}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        onChange={event => setTyped(event.currentTarget.value)}
      />
      <span className="inside">
        {typed !== '' && (
          <IconButton
            icon={X}
            label={t.clear}
            small
            onClick={() => {
              setTyped('')
              input.current?.focus()
            }}
          />
        )}
      </span>
    </search>
  )
}
