import type { Screen } from '../../../dev/screens.ts'

const server = (port: number) => ({ host: 'mail.example.org', port, security: 'tls' })
const now = Date.now()
const attempt = (protocol: string, outcome: string, ago: number, more: object = {}) => ({
  protocol,
  outcome,
  credential: 'password',
  label: null,
  remoteAddress: '192.0.2.17',
  client: null,
  firstAt: now - ago,
  lastAt: now - ago,
  count: 1,
  ...more,
})
const none = (protocol: string) => ({ protocol, any: null, ok: null })
const samples = {
  'GET /devices/settings': {
    body: { userName: 'alice@example.org', imap: [server(993)], pop3: [server(995)], smtp: [server(465)] },
  },
  'GET /sign-ins/latest': {
    body: [
      { protocol: 'imap', any: attempt('imap', 'ok', 12_000, { label: 'iPhone' }), ok: attempt('imap', 'ok', 12_000) },
      none('pop3'),
      {
        protocol: 'submission',
        any: attempt('submission', 'wrong-password', 40_000),
        ok: attempt('submission', 'ok', 3 * 86_400_000),
      },
      none('panel'),
    ],
  },
  'POST /devices/profile-links': {
    status: 201,
    body: { url: `https://mail.example.org/device/${'x'.repeat(43)}`, expiresAt: now + 900_000 },
  },
}
const first = { ...samples, 'GET /sign-ins/latest': { body: ['imap', 'pop3', 'submission', 'panel'].map(none) } }

export const screens: Screen[] = [
  { name: 'devices', visitor: 'owner', path: '/devices', samples },
  {
    name: 'devices-loading',
    visitor: 'owner',
    path: '/devices',
    samples: { 'GET /devices/settings': { hangs: true } },
  },
  {
    name: 'devices-error',
    visitor: 'owner',
    path: '/devices',
    samples: { 'GET /devices/settings': { status: 500, body: { status: 500, code: 'internal', title: 'Une erreur' } } },
  },
  {
    name: 'devices-iphone',
    visitor: 'owner',
    path: '/devices/iphone',
    samples: first,
    prepare: async page => {
      await page.locator('.devices-scan button[type=submit]').click()
      await page.locator('.qr-code').waitFor()
    },
  },
  { name: 'devices-mac', visitor: 'owner', path: '/devices/mac', samples: first },
  { name: 'devices-outlook', visitor: 'owner', path: '/devices/outlook', samples },
  { name: 'devices-android', visitor: 'owner', path: '/devices/android', samples: first },
  {
    name: 'device-link',
    visitor: 'nobody',
    path: '/device/abc',
    samples: {
      'GET /device-links/abc': { body: { address: 'alice@example.org', withPassword: true, expiresAt: now + 900_000 } },
    },
  },
  {
    name: 'device-link-gone',
    visitor: 'nobody',
    path: '/device/abc',
    samples: { 'GET /device-links/abc': { status: 404, body: { status: 404, code: 'device-link-gone' } } },
  },
]
