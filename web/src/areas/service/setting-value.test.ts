import { describe, expect, it } from 'vitest'
import { formValue, numberOf, sentValue } from './setting-value.ts'

const optional = { type: 'number', isOptional: true, minimum: 0, maximum: 1_000_000 } as const
const needed = { ...optional, isOptional: false, minimum: 1, maximum: 64 }

describe('a number', () => {
  it('that is left empty is sent as none: a limit of 0 would stop all sending', () => {
    expect(sentValue(optional, formValue({ type: 'number', value: null }))).toBeNull()
    expect(sentValue(optional, ' ')).toBeNull()
    expect(sentValue(optional, '0')).toBe(0)
  })

  it('has to be given where there has to be one', () => {
    expect(numberOf(needed, '')).toBeUndefined()
    expect(numberOf({ ...needed, minimum: 0 }, '')).toBeUndefined()
  })

  it('is whole, and between its limits', () => {
    expect(numberOf(optional, '1000000')).toBe(1_000_000)
    expect(numberOf(needed, ' 12 ')).toBe(12)
    for (const typed of ['0', '65', '1.5', '-1', 'many', '1e400'])
      expect(numberOf(needed, typed), typed).toBeUndefined()
  })
})

it('what is no number is a text, or nothing', () => {
  const name = { type: 'text', isOptional: true } as const
  expect(sentValue(name, ' Courrier ')).toBe('Courrier')
  expect(sentValue(name, '')).toBeNull()
})
