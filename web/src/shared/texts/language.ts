/** The language of the page: what the account says, else what was chosen in this browser, else what the browser asks for, else the service's first. */

import { recall, remember } from '../storage.ts'
import { createStore, useStore } from '../store.ts'

export type Language = 'fr' | 'en'

export const languages: readonly Language[] = ['fr', 'en']

export function isLanguage(value: unknown): value is Language {
  return value === 'fr' || value === 'en'
}

/** The first of `wanted` (language tags such as `en-GB`) that we speak; null when we speak none. */
export function bestLanguage(wanted: readonly string[]): Language | null {
  for (const tag of wanted) {
    const primary = tag.slice(0, 2).toLowerCase()
    if (isLanguage(primary)) return primary
  }
  return null
}

function asked(): Language | null {
  const chosen = recall('language')
  if (isLanguage(chosen)) return chosen
  return bestLanguage(typeof navigator === 'undefined' ? [] : navigator.languages)
}

const store = createStore<Language>(asked() ?? 'fr')

/** What the service speaks first, for whoever asks for no language of ours. */
export function setDefaultLanguage(language: Language): void {
  if (asked() === null) setLanguage(language, false)
}

export const currentLanguage = store.get

/** Shows the page in `language`; with `keep`, this browser remembers it. */
export function setLanguage(language: Language, keep: boolean): void {
  if (keep) remember('language', language)
  store.set(language)
  if (typeof document !== 'undefined') document.documentElement.lang = language
}

export function useLanguage(): Language {
  return useStore(store)
}

export const onLanguageChange = store.subscribe
