import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import './alert.css'
import { Icon } from './icon.tsx'

export type AlertKind = 'info' | 'success' | 'warning' | 'danger'

const icons = { info: Info, success: CircleCheck, warning: TriangleAlert, danger: CircleAlert }

/** Says something in the page's flow. One that appears after an action belongs in a live region: pass `live`. */
export function Alert({
  kind = 'info',
  title,
  children,
  action,
  live,
}: {
  kind?: AlertKind
  title?: ReactNode
  children?: ReactNode
  action?: ReactNode
  live?: boolean
}) {
  return (
    <div className={`alert ${kind}`} role={live ? (kind === 'danger' ? 'alert' : 'status') : undefined}>
      <Icon of={icons[kind]} size={18} />
      <div className="alert-body">
        {title && <p className="alert-title">{title}</p>}
        {children && <div>{children}</div>}
      </div>
      {action && <div className="alert-action">{action}</div>}
    </div>
  )
}
