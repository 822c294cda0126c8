import type { Screen } from '../../../dev/screens.ts'

const at = Date.UTC(2026, 0, 5, 9)
const off = { isOn: false, isRequired: false, codesSince: null, passkeys: [], recoveryCodes: { left: 0, total: 0 } }
const passkey = { passkeyId: 'a', label: 'Portable', host: 'mail.example.org', createdAt: at, lastUsedAt: at }
const on = { ...off, isOn: true, codesSince: at, passkeys: [passkey], recoveryCodes: { left: 9, total: 10 } }
const session = {
  sessionId: 'a',
  isThisOne: true,
  remembered: true,
  secondFactor: true,
  remoteAddress: '192.0.2.7',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  createdAt: at,
  lastSeenAt: at,
  expiresAt: at,
}
const appPassword = {
  appPasswordId: 'a',
  mailbox: 'alice@example.org',
  label: 'Téléphone',
  protocols: ['imap', 'submission'],
  networks: [],
  expiresAt: null,
  createdAt: at,
  lastUse: { at, protocol: 'imap', remoteAddress: '192.0.2.7' },
}
const signIn = {
  protocol: 'imap',
  outcome: 'ok',
  credential: 'app-password',
  label: 'Téléphone',
  remoteAddress: '192.0.2.7',
  client: null,
  firstAt: at,
  lastAt: at,
  count: 12,
}
const codes = Array.from({ length: 10 }, (_, i) => `ABCD-EFGH-IJKL-MNOP-QR2${(i % 6) + 2}`)
const samples: NonNullable<Screen['samples']> = {
  'GET /second-factor': { body: on },
  'GET /sessions': { body: [session, { ...session, sessionId: 'b', isThisOne: false }] },
  'GET /app-passwords': { body: [appPassword] },
  'POST /app-passwords': { status: 201, body: { appPassword, secret: 'ABCD EFGH IJKL MNOP QR27' } },
  'POST /second-factor/codes': {
    body: {
      secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      uri: 'otpauth://totp/Facteur:alice%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Facteur',
    },
  },
  'POST /second-factor/recovery-codes': { body: { recoveryCodes: codes } },
  'GET /mailbox/addresses': {
    body: {
      address: 'alice@example.org',
      domainAliases: [],
      aliases: [],
      groups: [],
      shared: [{ address: 'support@example.org', name: 'Support', maySend: false }],
      forward: null,
    },
  },
  'GET /users/7': {
    body: {
      principalId: 7,
      address: 'bob@example.org',
      name: 'Bob',
      role: 'owner',
      domains: [],
      hasMailbox: true,
      signInEnabled: true,
      secondFactorRequired: true,
      hasRecoveryAddress: false,
      language: null,
      createdAt: at,
    },
  },
  'GET /users/7/security': {
    body: {
      address: 'bob@example.org',
      secondFactor: { ...on, isRequired: true },
      sessions: [{ ...session, isThisOne: false }],
      appPasswords: [{ ...appPassword, mailbox: 'bob@example.org' }],
    },
  },
  'GET /users/7/sign-ins': { body: { items: [signIn], next: null } },
  'GET /sign-ins': {
    body: { items: [signIn, { ...signIn, outcome: 'wrong-password', label: null, count: 1 }], next: null },
  },
}

export const screens: Screen[] = [
  { name: 'security', visitor: 'owner', path: '/security', samples },
  {
    name: 'security-off',
    visitor: 'owner',
    path: '/security',
    samples: { ...samples, 'GET /second-factor': { body: off }, 'GET /app-passwords': { body: [] } },
  },
  {
    name: 'security-add-app',
    visitor: 'owner',
    path: '/security',
    samples: { ...samples, 'GET /second-factor': { body: off } },
    prepare: async page => {
      await page.locator('.description-action button').first().click()
      await page.locator('dialog .qr-code').waitFor()
    },
  },
  {
    name: 'security-recovery-codes',
    visitor: 'owner',
    path: '/security',
    samples,
    prepare: async page => {
      await page.locator('.description-action button').last().click()
      await page.locator('dialog .button.primary').click()
      await page.locator('dialog ol').waitFor()
    },
  },
  {
    name: 'security-app-password-shared',
    visitor: 'owner',
    path: '/security',
    samples,
    prepare: async page => {
      await page.locator('.card-header button').first().click()
      await page.locator('dialog select[name=mailbox]').selectOption('support@example.org')
      await page.locator('dialog select[name=expiry]').selectOption('day')
    },
  },
  { name: 'security-user', visitor: 'staff', path: '/users/7/security', samples },
  { name: 'security-sign-ins', visitor: 'owner', path: '/security/sign-ins', samples },
  {
    name: 'security-sign-ins-empty',
    visitor: 'owner',
    path: '/security/sign-ins',
    samples: { 'GET /sign-ins': { body: { items: [], next: null } } },
  },
]
