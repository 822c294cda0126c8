import { expect, it } from 'vitest'
import { languageOf } from './header-language.ts'

it.each([
  ['Accept-Language: fr-FR, en-US', 'fr'],
  ['Accept-Language: de, en;q=0.5, fr;q=0.7', 'fr'],
  ['Accept-Language: fr;q=0, en;q=0.1', 'en'],
  ['Content-Language: en-GB', 'en'],
  ['Accept-Language: de\r\nContent-Language: fr', 'fr'],
  ['accept-language:\r\n FR-CA', 'fr'],
  ['Content-Language: french', null],
  ['Accept-Language: fr;q=x', null],
  ['Subject: fr', null],
])('%j: %s', (header, language) => {
  expect(languageOf(Buffer.from(`${header}\r\n\r\nContent-Language: en\r\n`))).toBe(language)
})
