import type { Screen } from '../../../dev/screens.ts'

const at = Date.UTC(2026, 0, 5)
const token = {
  tokenId: 'a',
  label: 'CRM',
  scopes: ['directory:read', 'links:write'],
  expiresAt: Date.UTC(2027, 0, 5),
  createdAt: at,
  lastUsedAt: null,
  lastUsedAddress: null,
}
const scopes = ['account:read', 'account:write', 'directory:read', 'directory:write', 'links:write']
const samples = {
  'GET /tokens': { body: { items: [token, { ...token, tokenId: 'b', label: 'Sauvegarde', expiresAt: null }], scopes } },
  'POST /tokens': { status: 201, body: { token, secret: `fct_${'k7mpx3wd9'.repeat(5).slice(0, 43)}` } },
}

export const screens: Screen[] = [
  { name: 'tokens', visitor: 'manager', path: '/tokens', samples },
  {
    name: 'tokens-empty',
    visitor: 'owner',
    path: '/tokens',
    samples: { 'GET /tokens': { body: { items: [], scopes } } },
  },
  {
    name: 'tokens-create',
    visitor: 'manager',
    path: '/tokens',
    samples,
    prepare: async page => {
      await page.locator('.page-actions button').click()
      await page.locator('dialog button[type=submit]').click()
    },
  },
  {
    name: 'tokens-created',
    visitor: 'manager',
    path: '/tokens',
    samples,
    prepare: async page => {
      await page.locator('.page-actions button').click()
      await page.locator('dialog input[name=label]').fill('CRM')
      await page.locator('dialog input[type=checkbox]').first().check()
      await page.locator('dialog button[type=submit]').click()
      await page.locator('dialog .copy-value').first().waitFor()
    },
  },
]
