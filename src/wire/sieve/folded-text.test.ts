import fc from 'fast-check'
import { expect, it } from 'vitest'
import { casemap } from '../mime/casemap.ts'
import { foldPieces } from './folded-text.ts'

it('has the form of the whole, and every place in it leads back to the characters of the source, in order', () => {
  const part = fc.constantFrom(
    'a',
    'Z',
    ' ',
    'é',
    'e\u0301',
    '\u0323\u0301',
    'ß',
    'ﬁ',
    'й',
    '日',
    '한',
    '😀',
    'ﾊﾞ',
    '\ud800',
    'ǆ',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), fc.nat(), fc.nat(), (parts, first, second) => {
      const source = parts.join('')
      const { text, characterEnd, source: sourceOf } = foldPieces(source, casemap)
      expect(text).toBe(casemap(source))
      expect(sourceOf(0, text.length)).toBe(source)
      const [start = 0, end = 0] = [first % (text.length + 1), second % (text.length + 1)].sort((a, b) => a - b)
      // What is cut in two belongs to neither side.
      const pieces = [sourceOf(0, start), sourceOf(start, end), sourceOf(end, text.length)]
      expect(casemap(pieces.join('')).length).toBeLessThanOrEqual(text.length)
      let rebuilt = ''
      for (let at = 0; at < text.length; at = characterEnd(at)) {
        expect(characterEnd(at)).toBeGreaterThan(at)
        rebuilt += sourceOf(at, characterEnd(at))
      }
      expect(rebuilt).toBe(source)
    }),
    { numRuns: 500 },
  )
})
