import fc from 'fast-check'
import { expect, it } from 'vitest'
import { casemap, casemapPieces } from './casemap.ts'

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

it('gives each character the form that Unicode does, alone and beside others', () => {
  const usual = Array.from({ length: 0x2130 }, (_, code) => String.fromCharCode(code))
  for (const character of usual) expect(casemap(character)).toBe(character.normalize('NFKD').toUpperCase())
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...usual.filter(each => each < '\u0100' || each >= '\u2010'))), characters => {
      const text = characters.join('')
      expect(casemap(text)).toBe(text.normalize('NFKD').toUpperCase())
    }),
  )
})

it('gives the same form however a text is cut', () => {
  // Marks that change places, and characters that become several or such marks.
  const character = fc.constantFrom(...'aZ é\u0301\u0323\u0327ß\uff76\uff9eﬁ日한𐐨😀'.match(/./gsu)!)
  fc.assert(
    fc.property(fc.array(fc.array(character, { maxLength: 5 }), { maxLength: 6 }), pieces => {
      const texts = pieces.map(each => each.join(''))
      expect([...casemapPieces(texts)].join('')).toBe(casemap(texts.join('')))
    }),
  )
})

it('goes on where there are only marks', () => {
  const marks = '\u0301'.repeat(10_000)
  expect([...casemapPieces(['a', marks, marks, 'b'])].join('')).toBe(casemap(`a${marks}${marks}b`))
})
