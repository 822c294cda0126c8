import type { Screen } from '../../../dev/screens.ts'

const at = Date.UTC(2026, 11, 4, 9, 0)
const none = { address: null, confirmedAt: null, pending: null }

export const screens: Screen[] = [
  { name: 'recovery-none', visitor: 'owner', path: '/recovery', samples: { 'GET /recovery-address': { body: none } } },
  {
    name: 'recovery',
    visitor: 'owner',
    path: '/recovery',
    samples: {
      'GET /recovery-address': {
        body: { address: 'a•••@example.com', confirmedAt: at, pending: { address: 'b•••@example.net', expiresAt: at } },
      },
    },
  },
  {
    name: 'recovery-ask',
    visitor: 'owner',
    path: '/recovery',
    samples: { 'GET /recovery-address': { body: none } },
    prepare: async page => {
      await page.locator('.card-footer button').first().click()
      await page.locator('dialog button[type=submit]').click()
    },
  },
]
