/** Parts of one page, one shown at a time: links when each has an address (`LinkTabs`, the usual case), buttons otherwise (`Tabs`). */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react'
import { Link, useLocation } from 'wouter'
import './tabs.css'

export interface LinkTab {
  href: string
  label: ReactNode
}

/** Navigation among the pages of one thing; the browser's back button works, and a tab can be sent to someone. */
export function LinkTabs({ label, tabs }: { label: string; tabs: readonly LinkTab[] }) {
  const [path] = useLocation()
  const row = useRef<HTMLElement>(null)
  // On a phone the row is wider than the window: the tab one is on must be seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each path.
  useEffect(() => {
    const current = row.current?.querySelector<HTMLElement>('[aria-current=page]')
    if (row.current && current)
      row.current.scrollLeft = current.offsetLeft - (row.current.clientWidth - current.offsetWidth) / 2
  }, [path])
  return (
    <nav ref={row} aria-label={label} className="tabs no-print">
      {tabs.map(tab => (
        <Link key={tab.href} href={tab.href} className="tab" aria-current={path === tab.href ? 'page' : undefined}>
          {tab.label}
        </Link>
      ))}
    </nav>
  )
}

export interface Tab<T extends string> {
  value: T
  label: ReactNode
  content: ReactNode
}

export function Tabs<T extends string>({
  label,
  tabs,
  value,
  onChange,
}: {
  label: string
  tabs: readonly Tab<NoInfer<T>>[]
  value: T
  onChange(value: NoInfer<T>): void
}) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const at = tabs.findIndex(tab => tab.value === value)
  const move = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = tabs.at(step >= tabs.length ? 0 : step)
    if (!next) return
    onChange(next.value)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[tabs.indexOf(next)]?.focus()
  }
  return (
    <div className="stack">
      <div ref={list} role="tablist" aria-label={label} className="tabs no-print" onKeyDown={move}>
        {tabs.map(tab => (
          <button
            key={tab.value}
            type="button"
            role="tab"
            id={`${id}-${tab.value}`}
            aria-controls={`${id}-panel`}
            aria-selected={tab.value === value}
            tabIndex={tab.value === value ? 0 : -1}
            className="tab"
            onClick={() => onChange(tab.value)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`} key={value}>
        {tabs[at]?.content}
      </div>
    </div>
  )
}
