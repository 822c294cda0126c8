import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileRegex, matchRegex, RegexProblem } from './regex.ts'
import { atOnce } from './slices.ts'

const free = (): void => {}
const match = (pattern: string, text: string, ignoresCase = false): string[] | null =>
  atOnce(matchRegex(compileRegex(pattern, ignoresCase), text, free, true))

describe('a regular expression', () => {
  it.each([
    ['abc', 'xxabcxx', ['abc']],
    ['abc', 'xxabxcx', null],
    ['', 'abc', ['']],
    ['^$', '', ['']],
    ['^a', 'ba', null],
    ['a$', 'ab', null],
    ['^a.c$', 'a😀c', ['a😀c']],
    ['a*', 'baaa', ['']],
    ['ba*', 'baaa', ['baaa']],
    ['a|ab|abc', 'xabcd', ['abc']],
    ['(a|ab)(c|bcd)', 'abcd', ['abcd', 'a', 'bcd']],
    ['(a*)(b?)(b+)', 'aabbb', ['aabbb', 'aa', 'b', 'bb']],
    ['\\[(.*)\\] (.*)', '[list] [fwd] x', ['[list] [fwd] x', 'list] [fwd', 'x']],
    ['([^]]+)]', '[list]', ['[list]', '[list']],
    ['[]a]+', 'x]a]', [']a]']],
    ['[^]a]+', ']xy]', ['xy']],
    ['[a-]+', 'b-a-', ['-a-']],
    ['[[:digit:]]{2,3}', 'a1b1234', ['123']],
    ['[[:alpha:]_]+', '12abé_3', ['abé_']],
    ['[^[:space:]]+$', 'ab cd', ['cd']],
    ['x{2}', 'xxx', ['xx']],
    ['x{2,}', 'axxxx', ['xxxx']],
    ['x{0,1}y', 'xxy', ['xy']],
    ['a{x', 'a{x', ['a{x']],
    ['(a)|(b)', 'b', ['b', '', 'b']],
    ['(a*)*', 'aab', ['aa', 'aa']],
    ['(a*)+b', 'aab', ['aab', 'aa']],
    ['()', 'a', ['', '']],
    ['a||b', 'b', ['b']],
    ['\\d+\\.\\d+', 'v1.20', ['1.20']],
    ['\\w+\\s\\S', 'a_1 ,', ['a_1 ,']],
    ['.+', 'a\r\nb', ['a\r\nb']],
  ])('%s in %j', (pattern, text, found) => {
    expect(match(pattern, text)).toEqual(found)
  })

  it.each([
    ['HeLLo', 'hello', true],
    ['[a-c]+$', 'XABC', true],
    ['é', 'É', true],
    ['[[:upper:]]', 'a', true],
    ['[^a]', 'A', false],
  ])('%s in %j, where case does not count: %s', (pattern, text, found) => {
    expect(match(pattern, text, true) !== null).toBe(found)
  })

  it.each([
    ['(', 'a "(" has no ")"'],
    ['a)', 'a ")" has no "("'],
    ['[a', 'a "[" has no "]"'],
    ['*a', 'nothing stands before "*"'],
    ['a|+', 'nothing stands before "+"'],
    ['{2}', 'nothing stands before "{"'],
    ['a\\', 'nothing stands behind the last "\\"'],
    ['\\b', '"\\b" has no meaning here'],
    ['(?:a)', '"(?" has no meaning here'],
    ['a{3,2}', 'a bound of repeats is below the other'],
    ['a{256}', 'more than 255 repeats'],
    ['[z-a]', 'the range z-a is upside down'],
    ['[[:nonsense:]]', 'there is no class of characters "nonsense"'],
    [`${'('.repeat(51)}${')'.repeat(51)}`, 'more than 50 groups inside each other'],
  ])('%s is wrong', (pattern, message) => {
    expect(() => compileRegex(pattern, false)).toThrow(`the regular expression is wrong: ${message}`)
  })

  it('of too many states is refused, however it asks for them', () => {
    for (const pattern of [
      '((a{255}){255}){255}',
      'a'.repeat(5000),
      '(((((a{9}){9}){9}){9}){9}){9}',
      `a${'*'.repeat(9000)}`,
    ])
      expect(() => compileRegex(pattern, false)).toThrow(RegexProblem)
  })
})

describe('the cost', () => {
  it.each([
    ['(a*)*b', 'a'.repeat(20_000)],
    ['(a|a)*b', 'a'.repeat(20_000)],
    ['(a+)+$', `${'a'.repeat(20_000)}!`],
    ['(.*)(.*)(.*)(.*)(.*)x', 'y'.repeat(20_000)],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(20_000)],
    ['(((a?){20}){20})$', 'a'.repeat(400)],
  ])('of %s stays in proportion to the text', (pattern, text) => {
    const regex = compileRegex(pattern, false)
    let spent = 0
    atOnce(matchRegex(regex, text, units => (spent += units), true))
    expect(spent).toBeLessThan(text.length * regex.instructions.length)
  })
})

describe('against the one of JavaScript', () => {
  const pattern = fc.letrec<{ node: string; atom: string }>(tie => ({
    node: fc.oneof(
      { maxDepth: 4 },
      tie('atom'),
      fc.tuple(tie('node'), tie('node')).map(pair => pair.join('')),
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a}|${b})`),
      fc.tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}')).map(([a, b]) => `(${a})${b}`),
    ),
    atom: fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '^', '$'),
  })).node
  it('both find something or nothing, and begin in the same place', () => {
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 }), (source, text) => {
        // What JavaScript takes differently: an assertion that is repeated.
        fc.pre(!/\(\(?[\^$]\)?\)[*+?{]/.test(source))
        const ours = match(source, text)
        const theirs = new RegExp(source, 's').exec(text)
        expect(ours === null).toBe(theirs === null)
        expect(atOnce(matchRegex(compileRegex(source, false), text, free, false)) === null).toBe(theirs === null)
        if (ours !== null && theirs !== null) {
          expect(text.indexOf(ours[0]!)).toBeLessThanOrEqual(theirs.index)
          expect(ours[0]!.length).toBeGreaterThanOrEqual(theirs[0].length)
        }
      }),
      { numRuns: 300 },
    )
  })
})
