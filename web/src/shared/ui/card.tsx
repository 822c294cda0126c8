import type { ReactNode } from 'react'
import './card.css'
import { classNames } from './class-names.ts'

/** A part of a page, with its heading. `flush` lets a table or a list reach the edges; `footer` holds what one can do. */
export function Card({
  title,
  description,
  actions,
  footer,
  flush,
  tone,
  className,
  children,
}: {
  title?: ReactNode
  description?: ReactNode
  actions?: ReactNode
  footer?: ReactNode
  flush?: boolean
  tone?: 'danger'
  className?: string
  children?: ReactNode
}) {
  return (
    <section className={classNames('card', flush && 'flush', tone, className)}>
      {(title || actions) && (
        <header className="card-header">
          <div>
            {title && <h2>{title}</h2>}
            {description && <p className="muted">{description}</p>}
          </div>
          {actions && <div className="card-actions">{actions}</div>}
        </header>
      )}
      {children && <div className="card-body">{children}</div>}
      {footer && <footer className="card-footer">{footer}</footer>}
    </section>
  )
}
