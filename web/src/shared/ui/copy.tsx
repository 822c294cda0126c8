import { Check, Copy } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { Button, IconButton } from './button.tsx'
import './copy.css'

const texts = defineTexts({
  fr: {
    copy: 'Copier',
    copyOf: (label: string) => `Copier : ${label}`,
    copied: 'Copié',
    failed: 'Copie impossible : sélectionnez le texte.',
  },
  en: {
    copy: 'Copy',
    copyOf: label => `Copy: ${label}`,
    copied: 'Copied',
    failed: 'Can’t copy: select the text instead.',
  },
})

type Result = 'copied' | 'failed' | null

function useCopy(text: string, onCopied: (() => void) | undefined): [Result, () => void] {
  const [result, setResult] = useState<Result>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const copy = async (): Promise<void> => {
    let done: Result = 'copied'
    try {
      await navigator.clipboard.writeText(text)
      onCopied?.()
    } catch {
      done = 'failed'
    }
    setResult(done)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setResult(null), 2500)
  }
  return [result, () => void copy()]
}

/** `label` names what is copied, for those who don't see what it stands beside. */
export function CopyButton({
  text,
  label,
  small,
  onCopied,
  children,
}: {
  text: string
  label: string
  small?: boolean
  onCopied?(): void
  children?: ReactNode
}) {
  const t = useTexts(texts)
  const [result, copy] = useCopy(text, onCopied)
  const icon = result === 'copied' ? Check : Copy
  return (
    <span className="copy no-print">
      {children ? (
        <Button icon={icon} small={small} onClick={copy}>
          {children}
        </Button>
      ) : (
        <IconButton icon={icon} label={t.copyOf(label)} small={small} onClick={copy} />
      )}
      <span className={result === 'failed' ? 'copy-failed' : 'visually-hidden'} role="status">
        {result === 'copied' ? t.copied : result === 'failed' ? t.failed : ''}
      </span>
    </span>
  )
}

/** A value to take away, such as a server's name or a DNS record. */
export function CopyField({
  label,
  value,
  mono = true,
  hint,
  onCopied,
}: {
  label: string
  value: string
  mono?: boolean
  hint?: ReactNode
  /** By the button; or by hand, from the value. */
  onCopied?(): void
}) {
  const id = useId()
  return (
    <div className="field">
      <span className="copy-label" id={id}>
        {label}
      </span>
      {hint && <span className="hint">{hint}</span>}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for several controls. */}
      <div className="copy-field" role="group" aria-labelledby={id}>
        <span className={mono ? 'copy-value mono' : 'copy-value'} onCopy={onCopied}>
          {value}
        </span>
        <CopyButton text={value} label={label} small onCopied={onCopied} />
      </div>
    </div>
  )
}
