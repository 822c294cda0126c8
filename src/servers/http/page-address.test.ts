import { expect, it } from 'vitest'
import { isPageAddress } from './page-address.ts'

it.each([
  '/',
  '/sign-in',
  '/domains/example.org',
  '/mailboxes/alice@example.org',
  '/mailboxes/alice%40example.org',
  '/mailboxes/alice@example.org/access',
])('%s is a page', path => {
  expect(isPageAddress(path)).toBe(true)
})

it.each([
  '/favicon.ico',
  '/robots.txt',
  '/index.php',
  '/assets/main-0123abcd.js',
  '/assets/fonts/missing.woff2',
  '/assets',
  '/.well-known/security.txt',
  '/.env',
])('%s is a file that is not there', path => {
  expect(isPageAddress(path)).toBe(false)
})
