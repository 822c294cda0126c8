import { expect, it } from 'vitest'
import { isTimeZone } from './time-zone.ts'

it.each([
  ['Europe/Paris', true],
  ['America/Argentina/Buenos_Aires', true],
  ['UTC', true],
  ['Etc/GMT-3', true],
  ['Europe/Nowhere', false],
  // It would have no summer time.
  ['+01:00', false],
  ['', false],
  ['../../etc/passwd', false],
  ['Europe/Paris\r\nX: y', false],
])('%j is a time zone: %j', (name, expected) => {
  expect(isTimeZone(name)).toBe(expected)
})
