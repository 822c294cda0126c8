/** The head of every page: document title, h1 that takes the focus after navigating, description, actions, the way back up. */
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { Link } from 'wouter'
import { serviceNow } from '../api/service.ts'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { Icon } from './icon.tsx'
import './page.css'

const texts = defineTexts({ fr: { path: 'Fil d’Ariane' }, en: { path: 'Breadcrumb' } })

/** The first page of a visit leaves the focus at the top of the document, so that the skip link comes first. */
let navigated = false
export function markNavigated(): void {
  navigated = true
}

/** `title` in the window's title, before the service's name. */
export function useDocumentTitle(title: string): void {
  useLayoutEffect(() => {
    const name = serviceNow()?.name
    document.title = name ? `${title} · ${name}` : title
  }, [title])
}

export interface Crumb {
  label: ReactNode
  href: string
}

export interface PageHeaderProps {
  title: string
  /** Shown instead of `title`, for an h1 with a badge or an avatar. */
  heading?: ReactNode
  description?: ReactNode
  actions?: ReactNode
  breadcrumbs?: readonly Crumb[]
}

export function PageHeader({ title, heading, description, actions, breadcrumbs }: PageHeaderProps) {
  const t = useTexts(texts)
  const h1 = useRef<HTMLHeadingElement>(null)
  useDocumentTitle(title)
  // With the heading, not after it: until then what is typed would go to the link that led here.
  useLayoutEffect(() => {
    if (navigated) h1.current?.focus({ preventScroll: true })
  }, [])
  return (
    <header className="page-header">
      {breadcrumbs && breadcrumbs.length > 0 && (
        <nav aria-label={t.path} className="breadcrumbs no-print">
          <ol className="list">
            {breadcrumbs.map(crumb => (
              <li key={crumb.href}>
                <Link href={crumb.href}>{crumb.label}</Link>
                <Icon of={ChevronRight} size={14} />
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className="page-header-line">
        <div className="page-header-text">
          <h1 ref={h1} tabIndex={-1}>
            {heading ?? title}
          </h1>
          {description && <div className="page-description">{description}</div>}
        </div>
        {actions && <div className="page-actions no-print">{actions}</div>}
      </div>
    </header>
  )
}

/** A whole page: its head, then its parts at even distances. `narrow` for forms and reading. */
export function Page({ narrow, children, ...header }: PageHeaderProps & { narrow?: boolean; children?: ReactNode }) {
  return (
    <div className={narrow ? 'page narrow' : 'page'}>
      <PageHeader {...header} />
      {children}
    </div>
  )
}
