import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link } from 'wouter'
import type { NavEntry, Section } from '../areas/area.ts'
import { areas } from '../areas/index.ts'
import type { Principal } from '../shared/api/contract.ts'
import { Logo } from '../shared/brand/logo.tsx'
import type { Language } from '../shared/texts/language.ts'
import { useTexts } from '../shared/texts/texts.ts'
import { IconButton } from '../shared/ui/button.tsx'
import { Icon } from '../shared/ui/icon.tsx'
import { texts } from './texts.ts'

const sections: readonly Section[] = ['mailbox', 'domains', 'administration']

/** The entry that the path belongs to: the longest that leads to it. */
export function currentEntry(entries: readonly NavEntry[], path: string): NavEntry | undefined {
  return entries
    .filter(({ href }) => (href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`)))
    .sort((a, b) => b.href.length - a.href.length)[0]
}

/** What the navigation offers `principal`, in its order. */
export function entriesFor(principal: Principal): NavEntry[] {
  return areas
    .flatMap(area => area.nav)
    .filter(entry => entry.when?.(principal) ?? true)
    .sort((a, b) => sections.indexOf(a.section) - sections.indexOf(b.section) || a.order - b.order)
}

export function Navigation({ principal, language, path }: { principal: Principal; language: Language; path: string }) {
  const t = useTexts(texts)
  const entries = entriesFor(principal)
  const current = currentEntry(entries, path)
  const shown = sections
    .map(section => ({ section, links: entries.filter(entry => entry.section === section) }))
    .filter(({ links }) => links.length > 0)
  return (
    <nav aria-label={t.navigation} className="navigation">
      {shown.map(({ section, links }) => (
        <div key={section} className="nav-section">
          {shown.length > 1 && (
            <h2 id={`nav-${section}`}>
              {t.sections[section === 'mailbox' && !principal.hasMailbox ? 'own' : section]}
            </h2>
          )}
          <ul className="list" aria-labelledby={shown.length > 1 ? `nav-${section}` : undefined}>
            {links.map(entry => (
              <li key={entry.href}>
                <Link href={entry.href} className="nav-link" aria-current={entry === current ? 'page' : undefined}>
                  <Icon of={entry.icon} />
                  <span>{entry.label[language]}</span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}

/** The navigation on a phone: a dialog that comes from the side. */
export function Drawer({ open, onClose, children }: { open: boolean; onClose(): void; children: ReactNode }) {
  const t = useTexts(texts)
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = element.current
    if (!dialog) return
    if (open && !dialog.open) dialog.showModal()
    if (!open && dialog.open) dialog.close()
  }, [open])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does what a click beside the drawer does.
    <dialog
      ref={element}
      className="drawer"
      aria-label={t.navigation}
      onClose={onClose}
      onClick={event => event.target === element.current && onClose()}
    >
      <div className="drawer-content">
        <div className="drawer-head">
          <Logo />
          <IconButton icon={X} label={t.closeNavigation} onClick={onClose} />
        </div>
        {open && children}
      </div>
    </dialog>
  )
}
