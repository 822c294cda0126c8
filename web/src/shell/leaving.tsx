/** Asks before a page with unsaved changes is left for another: by a link, by the browser's back and forward, by signing out. */
import { type BrowserLocationHook, useBrowserLocation } from 'wouter/use-browser-location'
import { createStore, useStore } from '../shared/store.ts'
import { defineTexts, useTexts } from '../shared/texts/texts.ts'
import { ConfirmDialog } from '../shared/ui/dialog.tsx'
import { giveUpChanges, hasUnsavedChanges } from '../shared/ui/unsaved-changes.ts'

const texts = defineTexts({
  fr: {
    title: 'Quitter sans enregistrer ?',
    text: 'Ce que vous avez modifié sur cette page, ou qui n’est affiché qu’ici, sera perdu.',
    leave: 'Quitter la page',
  },
  en: {
    title: 'Leave without saving?',
    text: 'What you changed on this page, or what is shown only here, will be lost.',
    leave: 'Leave the page',
  },
})

/** What waits for the answer; null: nothing does. */
const waiting = createStore<{ go(): void } | null>(null)

/** `go` at once where nothing would be lost, else once that is agreed to. */
export function leave(go: () => void): void {
  if (hasUnsavedChanges()) waiting.set({ go })
  else go()
}

/** For the router of the shell: as the browser's, asking first. Another query on the same page loses nothing. */
export const useGuardedLocation: BrowserLocationHook = () => {
  const [path, navigate] = useBrowserLocation()
  const guarded: typeof navigate = (to, options) => {
    const isElsewhere = new URL(to, location.href).pathname !== location.pathname
    if (isElsewhere) leave(() => navigate(to, options))
    else navigate(to, options)
  }
  return [path, guarded]
}

/** The address that is shown: back and forward have changed the browser's own before they tell of it. */
let shown = location.href
const remember = (): void => {
  shown = location.href
}

function wentElsewhere(event: PopStateEvent): void {
  if (!hasUnsavedChanges() || new URL(shown).pathname === location.pathname) {
    remember()
    return
  }
  // Before the router sees it: the page stays until the answer. What was gone to is now one step back, either way.
  event.stopImmediatePropagation()
  history.pushState(null, '', shown)
  waiting.set({ go: () => history.back() })
}

addEventListener('pushState', remember)
addEventListener('replaceState', remember)
addEventListener('popstate', wentElsewhere, { capture: true })

export function LeaveDialog() {
  const t = useTexts(texts)
  const asked = useStore(waiting)
  return (
    <ConfirmDialog
      open={asked !== null}
      onClose={() => waiting.set(null)}
      title={t.title}
      confirm={t.leave}
      danger
      onConfirm={() => {
        giveUpChanges()
        asked?.go()
      }}
    >
      {t.text}
    </ConfirmDialog>
  )
}
