/** A button that opens a list of actions, on the popover API; arrows, Home, End and letters move in it (ARIA menu button pattern). */
import { Ellipsis } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { IconButton } from './button.tsx'
import { classNames } from './class-names.ts'
import { Icon, type IconType } from './icon.tsx'
import './menu.css'

export interface MenuItem {
  label: string
  icon?: IconType
  /** Where it leads, or what it does. */
  href?: string
  onSelect?(): void
  danger?: boolean
  disabled?: boolean
  /** One of a choice, and whether it is the chosen one. */
  checked?: boolean
}

export interface MenuProps {
  items: readonly (MenuItem | 'separator')[]
  /** Above the items, such as who is signed in. */
  header?: ReactNode
  /** Read aloud; what the button is about. */
  label: string
  /** What is shown in the button; three dots otherwise. */
  children?: ReactNode
  className?: string
}

/** Below the button or above it, whichever has room; the popover lies in the top layer, which nothing clips. */
function place(popover: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = popover
  const { clientWidth, clientHeight } = document.documentElement
  const below = at.bottom + 4 + height <= clientHeight || at.top < height + 4
  const left = Math.max(8, Math.min(at.right - width, clientWidth - width - 8))
  popover.style.left = `${at.left + width <= clientWidth - 8 && at.left < clientWidth / 2 ? at.left : left}px`
  popover.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - height - 4)}px`
}

export function Menu({ items, header, label, children, className }: MenuProps) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const [, navigate] = useLocation()
  const button = useRef<HTMLButtonElement>(null)
  const popover = useRef<HTMLDivElement>(null)
  const goTo = useRef<'first' | 'last'>('first')

  const entries = (): HTMLElement[] => [
    ...(popover.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([aria-disabled="true"])') ?? []),
  ]

  useEffect(() => {
    const element = popover.current
    if (!element) return
    const toggled = (event: Event): void => {
      const now = (event as ToggleEvent).newState === 'open'
      setOpen(now)
      if (now && button.current) {
        place(element, button.current)
        const all = [...element.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([aria-disabled="true"])')]
        all.at(goTo.current === 'first' ? 0 : -1)?.focus()
        goTo.current = 'first'
      }
    }
    element.addEventListener('toggle', toggled)
    return () => element.removeEventListener('toggle', toggled)
  }, [])

  useEffect(() => {
    if (!open) return
    const close = (): void => popover.current?.hidePopover()
    addEventListener('resize', close)
    document.addEventListener('scroll', close, { capture: true, passive: true })
    return () => {
      removeEventListener('resize', close)
      document.removeEventListener('scroll', close, { capture: true })
    }
  }, [open])

  const close = (): void => {
    popover.current?.hidePopover()
    button.current?.focus()
  }

  const move = (event: KeyboardEvent): void => {
    const all = entries()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }
    const step = steps[event.key]
    if (step !== undefined) {
      event.preventDefault()
      all.at(step >= all.length ? 0 : step)?.focus()
    } else if (event.key === 'Tab') popover.current?.hidePopover()
    else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const letter = event.key.toLowerCase()
      const rest = [...all.slice(at + 1), ...all.slice(0, at + 1)]
      rest.find(entry => entry.textContent?.trim().toLowerCase().startsWith(letter))?.focus()
    }
  }

  const wires = {
    ref: button,
    popoverTarget: id,
    'aria-haspopup': 'menu',
    'aria-expanded': open,
    onKeyDown: (event: KeyboardEvent) => {
      if (open || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
      event.preventDefault()
      goTo.current = event.key === 'ArrowUp' ? 'last' : 'first'
      popover.current?.showPopover()
    },
  } as const

  return (
    <>
      {children === undefined ? (
        <IconButton {...wires} icon={Ellipsis} label={label} small className={className} />
      ) : (
        <button {...wires} type="button" className={className}>
          <span className="visually-hidden">{label}</span>
          <span className="menu-face" aria-hidden="true">
            {children}
          </span>
        </button>
      )}
      <div ref={popover} id={id} popover="auto" className="menu">
        {header && <div className="menu-header">{header}</div>}
        <div role="menu" aria-label={label} tabIndex={-1} onKeyDown={move}>
          {items.map((item, index) =>
            item === 'separator' ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: separators have nothing else, and don't move.
              <hr key={index} className="menu-separator" />
            ) : (
              // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is menuitemradio where there is something to check.
              <button
                key={item.label}
                type="button"
                role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
                aria-checked={item.checked}
                aria-disabled={item.disabled}
                tabIndex={-1}
                className={classNames('menu-item', item.danger && 'danger')}
                onClick={() => {
                  if (item.disabled) return
                  close()
                  item.onSelect?.()
                  if (item.href !== undefined) navigate(item.href)
                }}
              >
                {item.icon && <Icon of={item.icon} size={16} />}
                <span>{item.label}</span>
              </button>
            ),
          )}
        </div>
      </div>
    </>
  )
}
