/** Icons come from lucide-react, each imported by name: `import { Mail } from 'lucide-react'`, `<Icon of={Mail} />`. */
import type { ComponentType } from 'react'

export type IconType = ComponentType<{
  size?: number | string
  strokeWidth?: number | string
  className?: string
  'aria-hidden'?: boolean | 'true' | 'false'
  focusable?: boolean | 'true' | 'false'
}>

/** Beside a text, and so not read aloud. `size` in px. */
export function Icon({ of: Shape, size = 18, className }: { of: IconType; size?: number; className?: string }) {
  return <Shape size={size} strokeWidth={1.75} className={className} aria-hidden="true" focusable="false" />
}
