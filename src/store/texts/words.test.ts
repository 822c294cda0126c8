import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packWords, TEXTS, textsByWords } from './words.ts'

const END = Buffer.from([0xff])

function packed(texts: readonly string[]): Buffer {
  const ends: number[] = []
  const bytes = texts.map(text => Buffer.concat([Buffer.from(text), END]))
  for (const { length } of bytes) ends.push((ends.at(-1) ?? 0) + length)
  // Repeated, so that they are worth keeping.
  return packWords(Buffer.concat([...bytes, Buffer.alloc(10_000, '-')]), ends)
}

describe('the words of texts', () => {
  const part = fc.constantFrom(...'A B AB ABA É ÉA 注文 1 - . \0'.split(' '), ' ', ' ')
  const text = fc.array(part, { maxLength: 12 }).map(parts => parts.join(''))

  it('tell surely where a word is, and where anything else may be', () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: TEXTS, size: 'max' }),
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (texts, parts, chosen) => {
          const needle = parts.join('')
          const words = packed(texts)
          if (words.length === 0) return
          const among = Uint8Array.from(texts, (_, index) => (index % 5 === chosen % 5 ? 0 : 1))
          const { found, sure } = textsByWords(words, Buffer.from(needle), among)
          for (const [index, text] of texts.entries()) {
            const has = among[index] === 1 && text.includes(needle)
            if (sure) expect(found[index]).toBe(has ? 1 : 0)
            else if (has) expect(found[index]).toBe(1)
            if (!among[index]) expect(found[index]).toBe(0)
          }
          expect(sure).toBe(/^[\p{L}\p{N}]+$/u.test(needle))
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('are looked at as what they have to be: the end of a word, a whole one, the beginning of one', () => {
    const words = packed(['XAB CD', 'AB CD EF', 'CD', 'AB X', 'ABAB CD'])
    const find = (needle: string): number[] => [
      ...textsByWords(words, Buffer.from(needle), new Uint8Array(5).fill(1)).found,
    ]
    expect(find('AB')).toEqual([1, 1, 0, 1, 1])
    expect(find('AB C')).toEqual([1, 1, 0, 0, 1])
    expect(find(' CD ')).toEqual([1, 1, 1, 0, 1])
    expect(find(' AB ')).toEqual([0, 1, 0, 1, 0])
    expect(find('B CD EF')).toEqual([0, 1, 0, 0, 0])
    expect(find('--')).toEqual([1, 1, 1, 1, 1])
  })

  it('are kept of many, and not where they are hardly fewer than the text', () => {
    const many = Array.from({ length: 40_000 }, (_, index) => `W${index}`)
    const words = packed([many.join(' '), many.slice(0, 20_000).join(' '), many.join('.'), '', many.join('\n')])
    const find = (needle: string): number[] => [
      ...textsByWords(words, Buffer.from(needle), new Uint8Array(5).fill(1)).found,
    ]
    expect(find('W39999')).toEqual([1, 0, 1, 0, 1])
    expect(find('W19999')).toEqual([1, 1, 1, 0, 1])
    expect(packWords(Buffer.from(many.join(' ')), [many.join(' ').length]).length).toBe(0)
    expect(
      packWords(
        Buffer.from('A '.repeat(99)),
        Array.from({ length: TEXTS + 1 }, (_, at) => at),
      ).length,
    ).toBe(0)
  })
})
