import type { LinkAnswer } from '../../../../src/api/credential-links.ts'
import type { Screen } from '../../../dev/screens.ts'

const day = 86_400_000
const now = Date.now()
const link = (linkId: string, address: string, more: Partial<LinkAnswer>): LinkAnswer => ({
  linkId,
  principalId: 1,
  address,
  state: 'waiting',
  hasCode: false,
  sentTo: null,
  sentAt: null,
  createdBy: 'staff@example.net',
  createdAt: now - 2 * day,
  expiresAt: now + 5 * day,
  openedCount: 0,
  openedAt: null,
  openedAddress: null,
  revealedAt: null,
  revealedAddress: null,
  revokedAt: null,
  ...more,
})
const opened = { openedCount: 3, openedAt: now - 3_600_000, openedAddress: '192.0.2.7' }
const revealed = { revealedAt: now - 3_000_000, revealedAddress: '192.0.2.7' }
const items = [
  link('a', 'alice@example.org', { sentTo: 'alice@example.com', hasCode: true, ...opened }),
  link('b', 'bob@example.org', { state: 'revealed', ...opened, ...revealed }),
  link('c', 'claire.dubois-lefebvre@example.org', { state: 'expired', expiresAt: now - day }),
  link('d', 'david@example.org', { state: 'revoked', revokedAt: now - day }),
]
const samples = {
  'GET /credential-links': { body: { items, next: null } },
  'GET /credential-links/b': { body: items[1] },
  'POST /credential-links': {
    status: 201,
    body: {
      linkId: 'e',
      address: 'alice@example.org',
      url: `https://mail.example.org/link#${'k7mpx3wd9'.repeat(5).slice(0, 43)}`,
      code: '482913',
      expiresAt: now + 7 * day,
      sentTo: 'alice@example.com',
    },
  },
}

export const screens: Screen[] = [
  { name: 'links', visitor: 'manager', path: '/links', samples },
  {
    name: 'links-empty',
    visitor: 'staff',
    path: '/links',
    samples: { 'GET /credential-links': { body: { items: [], next: null } } },
  },
  { name: 'links-one', visitor: 'manager', path: '/links/b', samples },
  {
    name: 'links-make',
    visitor: 'manager',
    path: '/links',
    samples,
    prepare: async page => {
      await page.locator('.page-actions button').click()
      await page.locator('dialog input[type=radio]').nth(1).check()
      await page.locator('dialog button[type=submit]').click()
    },
  },
  {
    name: 'links-made',
    visitor: 'manager',
    path: '/links',
    samples,
    prepare: async page => {
      await page.locator('.page-actions button').click()
      await page.locator('dialog input[name=address]').fill('alice@example.org')
      await page.locator('dialog input[name=withCode]').check()
      await page.locator('dialog button[type=submit]').click()
      await page.locator('dialog .copy-value').first().waitFor()
    },
  },
]
