import { describe, expect, it } from 'vitest'
import { bestLanguage } from './language.ts'

describe('the language of a first visit', () => {
  it.each([
    [['en-GB', 'fr'], 'en'],
    [['de-DE', 'fr-CH', 'en'], 'fr'],
    [['FR'], 'fr'],
    [['de', 'it'], null],
    [[], null],
  ])('%j', (wanted, expected) => {
    expect(bestLanguage(wanted)).toBe(expected)
  })
})
