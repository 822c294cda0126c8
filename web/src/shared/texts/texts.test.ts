import { describe, expect, it } from 'vitest'
import { en, fr } from './format.ts'
import { defineTexts, textsNow } from './texts.ts'

const texts = defineTexts({
  fr: {
    title: 'Boîtes',
    count: (count: number) => fr.plural(count, 'boîte', 'boîtes'),
    states: { active: 'Active', blocked: 'Bloquée' },
  },
  en: {
    title: 'Mailboxes',
    count: count => en.plural(count, 'mailbox', 'mailboxes'),
    states: { active: 'Active', blocked: 'Blocked' },
  },
})

describe('texts', () => {
  it('are those of the language', () => {
    expect(textsNow(texts, 'fr').title).toBe('Boîtes')
    expect(textsNow(texts, 'en').states.blocked).toBe('Blocked')
  })

  it('take parameters', () => {
    expect(texts.fr.count(0)).toBe('0\u00a0boîte')
    expect(texts.fr.count(1)).toBe('1\u00a0boîte')
    expect(texts.fr.count(2)).toBe('2\u00a0boîtes')
    expect(texts.en.count(0)).toBe('0\u00a0mailboxes')
    expect(texts.en.count(1)).toBe('1\u00a0mailbox')
  })

  it('are refused by the compiler when English is not as French', () => {
    // Each line below has to be an error of types: `tsc -p web` complains of a directive that isn't needed.
    // @ts-expect-error a key is missing
    defineTexts({ fr: { a: 'a', b: 'b' }, en: { a: 'a' } })
    // @ts-expect-error a key is too many
    defineTexts({ fr: { a: 'a' }, en: { a: 'a', b: 'b' } })
    // @ts-expect-error the parameter is of another type
    defineTexts({ fr: { a: (n: number) => `${n}` }, en: { a: (s: string) => s } })
    // @ts-expect-error a parameter is needed
    defineTexts({ fr: { a: 'a' }, en: { a: (s: string) => s } })
    // @ts-expect-error a key of a group is missing
    defineTexts({ fr: { a: { b: 'b', c: 'c' } }, en: { a: { b: 'b' } } })
    // @ts-expect-error there is no such text
    expect(texts.fr.nothing).toBeUndefined()
  })
})
