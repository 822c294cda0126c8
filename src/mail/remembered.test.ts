import { expect, it } from 'vitest'
import { Remembered } from './remembered.ts'

it('forgets first what was set longest ago, not what was only looked at', () => {
  const remembered = new Remembered<string, number>(2)
  remembered.set('a', 1)
  remembered.set('b', 2)
  remembered.set('a', 3)
  expect(remembered.get('b')).toBe(2)
  remembered.set('c', 4)
  expect(['a', 'b', 'c'].map(key => remembered.get(key))).toEqual([3, undefined, 4])
  remembered.delete('a')
  remembered.set('d', 5)
  expect(['a', 'c', 'd'].map(key => remembered.get(key))).toEqual([undefined, 4, 5])
})
