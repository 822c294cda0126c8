import type { ReactNode } from 'react'
import './badge.css'
import { Icon, type IconType } from './icon.tsx'

export type Tone = 'neutral' | 'success' | 'warning' | 'danger' | 'info'

/** A state in a word. */
export function Badge({ tone = 'neutral', icon, children }: { tone?: Tone; icon?: IconType; children: ReactNode }) {
  return (
    <span className={`badge ${tone}`}>
      {icon && <Icon of={icon} size={13} />}
      {children}
    </span>
  )
}

/** A state in a point with its word beside it: for tables, where many badges would shout. */
export function StatusDot({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={`status-dot ${tone}`}>
      <span className="dot" aria-hidden="true" />
      {children}
    </span>
  )
}
