import type { Screen } from '../../../dev/screens.ts'

const token = 'T'.repeat(43)
const expiresAt = Date.UTC(2026, 11, 4, 9, 0)
const server = (port: number) => [{ host: 'mail.example.org', port, security: 'tls' as const }]
const revealed = {
  address: 'alice@example.org',
  password: 'k7mpx-3wd9t-qahv4-rbn8e',
  panelUrl: 'https://mail.example.org/',
  servers: { imap: server(993), pop3: server(995), smtp: server(465) },
  choose: { token, until: expiresAt },
}
const open = { 'POST /link/open': { body: { expiresAt, needsCode: false } } }
const over = { status: 410, body: { status: 410, code: 'link-over', title: 'Ce lien ne fonctionne plus.' } }
const reset = { address: 'alice@example.org', expiresAt, needsSecondFactor: true }

export const screens: Screen[] = [
  { name: 'link', visitor: 'nobody', path: `/link#${token}`, samples: open },
  {
    name: 'link-code',
    visitor: 'nobody',
    path: `/link#${token}`,
    samples: { 'POST /link/open': { body: { expiresAt, needsCode: true } } },
    prepare: page => page.locator('button[type=submit]').click(),
  },
  { name: 'link-over', visitor: 'nobody', path: `/link#${token}`, samples: { 'POST /link/open': over } },
  {
    name: 'link-revealed',
    visitor: 'nobody',
    path: `/link#${token}`,
    samples: { ...open, 'POST /link/reveal': { body: revealed } },
    prepare: async page => {
      await page.locator('button[type=submit]').click()
      await page.locator('.qr-code').waitFor()
      await page.locator('summary').click()
    },
  },
  { name: 'forgotten', visitor: 'nobody', path: '/forgotten' },
  {
    name: 'forgotten-sent',
    visitor: 'nobody',
    path: '/forgotten',
    samples: { 'POST /password-reset': { status: 204 } },
    prepare: async page => {
      await page.locator('input[name=address]').fill('alice@example.org')
      await page.locator('button[type=submit]').click()
      await page.locator('.alert').waitFor()
    },
  },
  {
    name: 'reset',
    visitor: 'nobody',
    path: `/reset#${token}`,
    samples: { 'POST /password-reset/open': { body: reset } },
    prepare: page => page.locator('input[name=password]').fill('correct horse'),
  },
  { name: 'reset-over', visitor: 'nobody', path: `/reset#${token}`, samples: { 'POST /password-reset/open': over } },
  { name: 'confirm', visitor: 'nobody', path: `/confirm#${token}` },
  {
    name: 'welcome',
    visitor: 'nobody',
    path: `/welcome#${token}`,
    samples: { 'POST /first-staff/open': { body: { expiresAt } } },
    prepare: page => page.locator('button[type=submit]').click(),
  },
]
