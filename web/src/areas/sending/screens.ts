import type { SendingGaugeAnswer } from '../../../../src/api/sending.ts'
import type { Screen } from '../../../dev/screens.ts'

const rules = {
  address: 'alice@example.org',
  copiesCc: [],
  copiesBcc: ['archives@example.org'],
  filesSentCopy: true,
  updatedAt: Date.UTC(2026, 10, 20),
}
const bounces = { address: 'alice@example.org', copyTo: null }
const now = Date.UTC(2026, 10, 27, 10)
const gauge: SendingGaugeAnswer = {
  kind: 'mailbox',
  name: 'alice@example.org',
  domain: 'example.org',
  used: 250,
  limit: 300,
  usualLimit: 300,
  blockedUntil: null,
  raise: null,
  held: null,
}
const blocked: SendingGaugeAnswer = {
  ...gauge,
  name: 'bob@example.org',
  used: 600,
  limit: 600,
  blockedUntil: now + 2_400_000,
  raise: { limit: 600, until: now + 4 * 3_600_000, by: 'staff@example.org' },
}
const held: SendingGaugeAnswer = {
  ...gauge,
  name: 'bob@example.org',
  held: {
    reason: 'new-place',
    at: now - 3_600_000,
    facts: {
      count: 84,
      usual: 50,
      sample: ['carol@example.com', 'dave@example.net'],
      remoteAddress: '203.0.113.9',
      place: 'JP',
    },
    messages: 12,
    recipients: 34,
  },
}
const domain: SendingGaugeAnswer = { ...blocked, kind: 'domain', name: 'example.org' }
const ofMailbox = (address: string) => ({
  [`GET /mailboxes/${address}/sending-rules`]: { body: { ...rules, address: 'bob@example.org', copiesBcc: [] } },
  [`GET /mailboxes/${address}/sending`]: { body: blocked },
  [`GET /mailboxes/${address}/bounce-copy`]: { body: { address: 'bob@example.org', copyTo: 'team@example.org' } },
})

export const screens: Screen[] = [
  {
    name: 'sending',
    visitor: 'owner',
    path: '/sending',
    samples: {
      'GET /mailbox/sending': { body: gauge },
      'GET /sending-rules': { body: rules },
      'GET /bounce-copy': { body: bounces },
    },
  },
  {
    name: 'sending-errors',
    visitor: 'owner',
    path: '/sending',
    samples: {
      'GET /mailbox/sending': { body: gauge },
      'GET /sending-rules': { body: rules },
      'GET /bounce-copy': { body: bounces },
    },
    prepare: async page => {
      await page.locator('textarea').first().fill('not an address')
      await page.locator('form button[type=submit]').first().click()
    },
  },
  {
    name: 'sending-mailbox',
    visitor: 'manager',
    path: '/mailboxes/bob@example.org/sending',
    samples: { ...ofMailbox('bob@example.org'), ...ofMailbox('bob%40example.org') },
  },
  {
    name: 'sending-raise',
    visitor: 'staff',
    path: '/mailboxes/bob@example.org/sending',
    samples: { ...ofMailbox('bob@example.org'), ...ofMailbox('bob%40example.org') },
    prepare: async page => {
      await page.locator('.card-footer button').first().click()
      await page.locator('dialog[open]').waitFor()
    },
  },
  {
    name: 'sending-held',
    visitor: 'staff',
    path: '/mailboxes/bob@example.org/sending',
    samples: {
      ...ofMailbox('bob@example.org'),
      ...ofMailbox('bob%40example.org'),
      'GET /mailboxes/bob@example.org/sending': { body: held },
      'GET /mailboxes/bob%40example.org/sending': { body: held },
    },
  },
  {
    name: 'sending-held-own',
    visitor: 'owner',
    path: '/sending',
    samples: {
      'GET /mailbox/sending': { body: held },
      'GET /sending-rules': { body: rules },
      'GET /bounce-copy': { body: bounces },
    },
  },
  {
    name: 'sending-domain',
    visitor: 'staff',
    path: '/domains/example.org/sending',
    samples: { 'GET /domains/example.org/sending': { body: domain } },
  },
]
