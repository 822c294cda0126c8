/** What was typed and not saved: while there is any, the browser asks before it leaves the page, and the shell before it shows another. */
import { useEffect } from 'react'

const forms = new Set<symbol>()
const warn = (event: BeforeUnloadEvent): void => event.preventDefault()

/** For a form, or whatever else is lost by leaving. */
export function useUnsavedChanges(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return
    const form = Symbol()
    forms.add(form)
    addEventListener('beforeunload', warn)
    return () => {
      forms.delete(form)
      if (forms.size === 0) removeEventListener('beforeunload', warn)
    }
  }, [unsaved])
}

export const hasUnsavedChanges = (): boolean => forms.size > 0

/** Whoever typed them has been asked. */
export function giveUpChanges(): void {
  forms.clear()
  removeEventListener('beforeunload', warn)
}
