/** The frame of pages without a session: the brand, one card, language and theme below. */
import { type ReactNode, useEffect, useRef } from 'react'
import { Link } from 'wouter'
import { useService } from '../shared/api/service.ts'
import { LanguageSwitch } from '../shared/brand/language-switch.tsx'
import { Logo } from '../shared/brand/logo.tsx'
import { ThemeSwitch } from '../shared/brand/theme-switch.tsx'
import { defineTexts, useTexts } from '../shared/texts/texts.ts'
import { useDocumentTitle } from '../shared/ui/page.tsx'
import './outside.css'

const texts = defineTexts({
  fr: { help: 'Besoin d’aide ?', centre: 'Centre d’aide' },
  en: { help: 'Need help?', centre: 'Help centre' },
})

export function OutsidePage({
  title,
  heading,
  description,
  wide,
  children,
}: {
  /** Of the window, and of the page unless `heading` says more. */
  title: string
  heading?: ReactNode
  description?: ReactNode
  /** For more than a form. */
  wide?: boolean
  children?: ReactNode
}) {
  const t = useTexts(texts)
  const { supportAddress } = useService()
  const h1 = useRef<HTMLHeadingElement>(null)
  useDocumentTitle(title)
  useEffect(() => {
    // A page with a field that asks for the focus has given it already.
    if (document.activeElement === document.body) h1.current?.focus()
  }, [])
  return (
    <div className={wide ? 'outside wide' : 'outside'}>
      <header className="outside-brand">
        <Logo />
      </header>
      <main className="outside-card">
        <div className="outside-heading">
          <h1 ref={h1} tabIndex={-1}>
            {heading ?? title}
          </h1>
          {description && <div className="muted">{description}</div>}
        </div>
        {children}
      </main>
      <footer className="outside-footer no-print">
        <p>
          {t.help} <Link href="/help">{t.centre}</Link>
          {supportAddress && (
            <>
              {' · '}
              <a href={`mailto:${supportAddress}`}>{supportAddress}</a>
            </>
          )}
        </p>
        <div className="row">
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </footer>
    </div>
  )
}
