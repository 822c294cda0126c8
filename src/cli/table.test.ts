import { describe, expect, it } from 'vitest'
import { readableName } from './table.ts'

describe('a name in a table', () => {
  it('is written as people write it', () => {
    expect(readableName('xn--mnchen-3ya.example')).toBe('münchen.example')
    expect(readableName('xn--ab@xn--mnchen-3ya.example')).toBe('xn--ab@münchen.example')
    expect(readableName('alice@example.org')).toBe('alice@example.org')
    expect(readableName('xn--!.example')).toBe('xn--!.example')
  })
})
