import fc from 'fast-check'
import { expect, it } from 'vitest'
import { processorMsOf } from '../../../test/support/processor-time.ts'
import { listPattern } from './list-pattern.ts'

it.each([
  ['*', 'a/b/c', true],
  ['%', 'a', true],
  ['%', 'a/b', false],
  ['%/%', 'a/b', true],
  ['a*c', 'a/b/c', true],
  ['a%c', 'a/c', false],
  ['a%', 'a', true],
  ['%*', 'a/b', true],
  ['a', 'A', false],
  ['inbox', 'INBOX', true],
  ['Inbox/%', 'INBOX/x', true],
  ['e\u0301%', 'été', true],
  ['a.c', 'abc', false],
])('%s and %s: %s', (pattern, name, matches) => {
  expect(listPattern('', pattern)(name)).toBe(matches)
})

it('puts the reference before the pattern', () => {
  expect(listPattern('Work/', '%')('Work/Bills')).toBe(true)
  expect(listPattern('Work/', '%')('Bills')).toBe(false)
})

it('agrees with what the pattern says, character by character', () => {
  const text = fc.array(fc.constantFrom('a', 'b', '/', '*', '%', 'a/', '%a'), { maxLength: 10 })
  const name = fc.array(fc.constantFrom('a', 'a', 'b', '/'), { maxLength: 16 })
  fc.assert(
    fc.property(text, name, (tokens, characters) => {
      const [pattern, candidate] = [tokens.join(''), characters.join('')]
      const expression = [...pattern].map(c => (c === '*' ? '.*' : c === '%' ? '[^/]*' : c)).join('')
      expect(listPattern('', pattern)(candidate)).toBe(new RegExp(`^${expression}$`).test(candidate))
    }),
    { numRuns: 5000 },
  )
})

it.each([
  ['*a%b', 'aab/aab'],
  ['*a%a/b%b', 'aca/bc/aa/bab'],
  ['*/%a*b%c', 'a/b/xa/c/bxc'],
  ['%/%b', 'a/ab'],
])('goes back as far as it must: %s and %s', (pattern, name) => {
  expect(listPattern('', pattern)(name)).toBe(true)
  expect(listPattern('', pattern)(`${name}/`)).toBe(false)
})

it.each([
  ['many wildcards', `${'*a'.repeat(400)}*b`],
  ['both wildcards', `${'*a%a'.repeat(100)}*b`],
  ['a long text behind each', `*${'a'.repeat(300)}%${'a'.repeat(300)}b`],
])('takes a fraction of a millisecond for each name, of %s', (_, pattern) => {
  const matches = listPattern('', pattern)
  const names = ['a'.repeat(990), `${'a'.repeat(988)}/a`, `${'a'.repeat(39)}/`.repeat(25)]
  const work = (): void => {
    for (let at = 0; at < 300; at++) expect(matches(names[at % 3]!)).toBe(false)
  }
  expect(processorMsOf(work)).toBeLessThan(1000)
})
