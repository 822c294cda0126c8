import type { ComponentProps, ReactNode, Ref } from 'react'
import { Link } from 'wouter'
import './button.css'
import { classNames } from './class-names.ts'
import type { IconType } from './icon.tsx'
import { Icon } from './icon.tsx'

export type ButtonKind = 'primary' | 'secondary' | 'danger' | 'danger-quiet' | 'quiet'

interface Look {
  kind?: ButtonKind
  small?: boolean
  wide?: boolean
  icon?: IconType
}

export interface ButtonProps extends Look, Omit<ComponentProps<'button'>, 'ref'> {
  /** At work: keeps its size and focus, says so, and takes no click. */
  busy?: boolean
  ref?: Ref<HTMLButtonElement>
}

export function Button({
  kind = 'secondary',
  small,
  wide,
  icon,
  busy,
  className,
  children,
  onClick,
  type,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type ?? 'button'}
      className={classNames('button', kind, small && 'small', wide && 'wide', className)}
      aria-disabled={busy || rest['aria-disabled']}
      aria-busy={busy}
      onClick={event => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {icon && <Icon of={icon} className={busy ? 'busy-label' : undefined} />}
      <span className={busy ? 'busy-label' : undefined}>{children}</span>
      {busy && <span className="spinner" aria-hidden="true" />}
    </button>
  )
}

/** A link that looks like a button: it goes somewhere. Outside the application (`external`) or inside it. */
export function ButtonLink({
  kind = 'secondary',
  small,
  wide,
  icon,
  className,
  children,
  href,
  external,
  ...rest
}: Look & { href: string; external?: boolean; children: ReactNode } & Omit<ComponentProps<'a'>, 'href' | 'ref'>) {
  const shared = {
    ...rest,
    href,
    className: classNames('button', kind, small && 'small', wide && 'wide', className),
  }
  const content = (
    <>
      {icon && <Icon of={icon} />}
      <span>{children}</span>
    </>
  )
  return external ? <a {...shared}>{content}</a> : <Link {...shared}>{content}</Link>
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'ref' | 'children'> {
  icon: IconType
  /** Read aloud, and shown when pointed at. */
  label: string
  kind?: ButtonKind
  small?: boolean
  busy?: boolean
  ref?: Ref<HTMLButtonElement>
}

export function IconButton({ icon, label, kind = 'quiet', small, busy, className, type, ...rest }: IconButtonProps) {
  return (
    <button
      title={label}
      {...rest}
      type={type ?? 'button'}
      aria-label={label}
      aria-busy={busy}
      className={classNames('button icon', kind, small && 'small', className)}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : <Icon of={icon} />}
    </button>
  )
}
