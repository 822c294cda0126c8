import { expect, it } from 'vitest'
import { casemap } from './casemap.ts'

it.each([
  ['hébergement', 'HÉBERGEMENT'],
  ['hébergement'.normalize('NFC'), 'hébergement'.normalize('NFD')],
  ['straße', 'STRASSE'],
  ['ﬁn', 'FIN'],
  ['σς', 'ΣΣ'],
  ['10\u00a0€', '10 €'],
  ['Ａ', 'a'],
])('makes %s and %s equal', (a, b) => {
  expect(casemap(a)).toBe(casemap(b))
})

it('keeps accents apart', () => {
  expect(casemap('é')).not.toBe(casemap('e'))
})
