import { expect, it } from 'vitest'
import { isAutomatic } from './automatic.ts'

it.each([
  ['no', false],
  [' No ', false],
  ['No (written by hand)', false],
  ['(really) no (yes; no) ; x=y', false],
  ['no;x=y', false],
  ['nobody', true],
  ['(no) auto-replied', true],
  ['auto-generated (no)', true],
  ['', true],
])('Auto-Submitted: %s (RFC 3834 §5)', (text, isSo) => {
  expect(isAutomatic(name => (name === 'auto-submitted' ? [text] : []))).toBe(isSo)
})
