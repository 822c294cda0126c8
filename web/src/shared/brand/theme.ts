/** Light, dark, or as the system has it. */
import { recall, remember } from '../storage.ts'
import { createStore, useStore } from '../store.ts'

export type Theme = 'auto' | 'light' | 'dark'

export const themes: readonly Theme[] = ['auto', 'light', 'dark']

const stored = recall('theme')
const store = createStore<Theme>(stored === 'light' || stored === 'dark' ? stored : 'auto')

function apply(theme: Theme): void {
  const root = document.documentElement
  if (theme === 'auto') delete root.dataset.theme
  else root.dataset.theme = theme
}

export function startTheme(): void {
  apply(store.get())
}

export function setTheme(theme: Theme): void {
  remember('theme', theme === 'auto' ? null : theme)
  store.set(theme)
  apply(theme)
}

export function useTheme(): Theme {
  return useStore(store)
}

export const onThemeChange = store.subscribe
