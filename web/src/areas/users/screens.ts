import type { UserAnswer } from '../../../../src/api/users.ts'
import type { Screen } from '../../../dev/screens.ts'

const user = (principalId: number, address: string, more: Partial<UserAnswer> = {}): UserAnswer => ({
  principalId,
  address,
  name: '',
  role: 'manager',
  domains: ['example.org'],
  hasMailbox: false,
  signInEnabled: true,
  secondFactorRequired: false,
  hasRecoveryAddress: false,
  language: null,
  createdAt: Date.UTC(2026, 0, 5),
  ...more,
})
const items = [
  user(2, 'alice@example.org', { role: 'staff', domains: [], hasMailbox: true, name: 'Alice' }),
  user(3, 'bob@example.net', { name: 'Bob', domains: ['example.com', 'example.net', 'example.org'] }),
  user(4, 'claire@example.net', { signInEnabled: false, domains: [] }),
]
const tokens = {
  items: [
    {
      tokenId: 'a',
      label: 'CRM',
      scopes: ['directory:read'],
      expiresAt: null,
      createdAt: Date.UTC(2026, 0, 5),
      lastUsedAt: null,
      lastUsedAddress: null,
    },
  ],
  scopes: [],
}
const samples = {
  'GET /users': { body: { items, next: null } },
  'GET /users/3': { body: items[1] },
  'GET /users/3/tokens': { body: tokens },
  'GET /users/3/recovery-address': {
    body: { address: 'b•••@example.com', confirmedAt: Date.UTC(2026, 0, 6), pending: null },
  },
}

export const screens: Screen[] = [
  { name: 'users', visitor: 'staff', path: '/users', samples },
  { name: 'users-one', visitor: 'staff', path: '/users/3', samples },
  {
    name: 'users-create',
    visitor: 'staff',
    path: '/users',
    samples,
    prepare: async page => {
      await page.locator('.page-actions button').click()
      await page.locator('dialog button[type=submit]').click()
    },
  },
  {
    name: 'users-empty',
    visitor: 'staff',
    path: '/users',
    samples: { 'GET /users': { body: { items: [], next: null } } },
  },
]
