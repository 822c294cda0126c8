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
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '%'), maxLength: 8 })
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 10 })
  fc.assert(
    fc.property(text, name, (pattern, candidate) => {
      const expression = [...pattern].map(c => (c === '*' ? '.*' : c === '%' ? '[^/]*' : c)).join('')
      expect(listPattern('', pattern)(candidate)).toBe(new RegExp(`^${expression}$`).test(candidate))
    }),
    { numRuns: 1000 },
  )
})

it('takes no longer for many wildcards', () => {
  const work = (): void => expect(listPattern('', `${'*a'.repeat(400)}*b`)('a'.repeat(900))).toBe(false)
  expect(processorMsOf(work)).toBeLessThan(1000)
})
