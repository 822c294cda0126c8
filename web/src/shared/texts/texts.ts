/**
 * Texts in French and English, side by side: `const texts = defineTexts({ fr: {…}, en: {…} })`, in a component `const t = useTexts(texts)`.
 * A text is a string, a function of its parameters, or a group of texts. English must have exactly the keys and parameters of French: the compiler
 * says so.
 */
import type { ReactNode } from 'react'
import { currentLanguage, type Language, useLanguage } from './language.ts'

type Text = string | ((...parameters: never[]) => ReactNode)
export interface TextGroup {
  readonly [key: string]: Text | TextGroup
}

/** The shape of `T`, with other words. */
export type SameTexts<T> = {
  readonly [K in keyof T]: T[K] extends (...parameters: infer P) => infer R
    ? (...parameters: P) => R
    : T[K] extends string
      ? string
      : SameTexts<T[K]>
}

export interface Texts<T> {
  fr: T
  en: T
}

export function defineTexts<T extends TextGroup>(texts: { fr: T; en: SameTexts<NoInfer<T>> }): Texts<SameTexts<T>>
export function defineTexts(texts: unknown): unknown {
  return texts
}

export function useTexts<T>(texts: Texts<T>): T {
  return texts[useLanguage()]
}

/** For what runs outside components; a component that must follow a change of language uses `useTexts`. */
export function textsNow<T>(texts: Texts<T>, language: Language = currentLanguage()): T {
  return texts[language]
}
