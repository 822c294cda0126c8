import type { Screen } from '../../../dev/screens.ts'

const GB = 1024 ** 3
const at = Date.UTC(2026, 10, 20, 9)
const plan = (planId: string, name: string, gigabytes: number, monthlyPrice: number, isOffered = true) => ({
  planId,
  name,
  description: `${gigabytes} Go pour une personne`,
  storageBytes: gigabytes * GB,
  hourlyLimit: planId === 'small' ? 200 : null,
  monthlyPrice,
  currency: 'EUR',
  isOffered,
  createdAt: at,
  updatedAt: at,
  mailboxes: planId === 'large' ? 12 : 31,
})
const plans = [
  plan('small', 'Essentielle', 5, 300),
  plan('large', 'Confort', 50, 900),
  plan('old', 'Ancienne', 2, 200, false),
]
const terms = {
  planId: 'small',
  planName: 'Essentielle',
  storageBytes: 5 * GB,
  hourlyLimit: 200,
  monthlyPrice: 300,
  currency: 'EUR',
}
const large = { ...terms, planId: 'large', planName: 'Confort', storageBytes: 50 * GB, monthlyPrice: 900 }
const entries = [
  { kind: 'changed', day: '2026-11-16', terms: large },
  { kind: 'restored', day: '2026-11-09', terms },
  { kind: 'removed', day: '2026-11-03', terms: null },
  { kind: 'created', day: '2026-09-12', terms },
].map((entry, i) => ({
  ...entry,
  entryId: 9 - i,
  at: at - i,
  domain: 'example.org',
  address: 'alice@example.org',
  madeBy: 'staff@example.org',
}))
const month = { month: '2026-11', daysInMonth: 30, isFinal: false }
const lines = [
  { address: 'alice@example.org', ...terms, from: '2026-11-01', until: '2026-11-15', days: 15, amount: 150 },
  { address: 'alice@example.org', ...large, from: '2026-11-16', until: '2026-11-30', days: 15, amount: 450 },
  { address: 'bob@example.org', ...terms, from: '2026-11-01', until: '2026-11-30', days: 30, amount: 300 },
]
const eur = (amount: number) => [{ currency: 'EUR', amount }]
const webhook = {
  webhookId: 'a1b2',
  domain: 'example.org',
  url: 'https://hooks.example.net/facteur',
  description: 'Facturation',
  events: ['mailbox.created', 'plan.changed'],
  isEnabled: true,
  disabledReason: null,
  failingSince: null,
  lastSuccessAt: at,
  createdBy: 'manager@example.org',
  createdAt: at,
  updatedAt: at,
}
const events = ['mailbox.created', 'mailbox.changed', 'mailbox.removed', 'plan.changed', 'link.revealed']
const payload = JSON.stringify({
  type: 'plan.changed',
  timestamp: '2026-11-20T09:00:00.000Z',
  data: { address: 'alice@example.org', before: terms, after: large },
})
const deliveries = [
  { event: 'plan.changed', status: 'delivered', attempts: 1, lastStatus: 204, lastProblem: null, nextAttemptAt: null },
  {
    event: 'mailbox.created',
    status: 'waiting',
    attempts: 3,
    lastStatus: 500,
    lastProblem: 'answered 500: database is locked',
    nextAttemptAt: Date.now() + 600_000,
  },
  {
    event: 'webhook.test',
    status: 'failed',
    attempts: 1,
    lastStatus: null,
    lastProblem: 'no answer in time',
    nextAttemptAt: null,
  },
].map((delivery, i) => ({ ...delivery, eventId: `evt_${i}`, payload, lastAt: at, createdAt: at - i * 60_000 }))

const samples = {
  'GET /plans': { body: { items: plans } },
  'GET /mailbox/plan': {
    body: {
      address: 'alice@example.org',
      usedBytes: 4.9 * GB,
      quotaBytes: 5 * GB,
      terms,
      larger: [plans[1], plan('huge', 'Grande', 200, 1900)],
      mayChoose: true,
    },
  },
  'GET /statements': { body: { first: '2026-09', current: '2026-11' } },
  'GET /statements/2026-11': {
    body: {
      ...month,
      domains: [
        { domain: 'example.com', mailboxes: 12, totals: eur(7200) },
        { domain: 'example.org', mailboxes: 2, totals: eur(900) },
      ],
      totals: eur(8100),
    },
  },
  'GET /statements/2026-10': {
    body: {
      month: '2026-10',
      daysInMonth: 31,
      isFinal: true,
      domains: [{ domain: 'example.org', mailboxes: 2, totals: eur(600) }],
      totals: eur(600),
    },
  },
  'GET /statements/2026-11/domains/example.org': {
    body: { ...month, domain: 'example.org', mailboxes: 2, totals: eur(900), lines },
  },
  'GET /ledger': { body: { items: entries, next: null } },
  'GET /mailboxes/alice%40example.org/plan': {
    body: { address: 'alice@example.org', terms, usedBytes: 4.9 * GB, quotaBytes: 5 * GB },
  },
  'GET /webhooks': {
    body: {
      items: [
        webhook,
        {
          ...webhook,
          webhookId: 'c3',
          domain: null,
          description: '',
          isEnabled: false,
          disabledReason: 'failing',
          failingSince: at,
        },
      ],
      events,
    },
  },
  'GET /webhooks/a1b2': { body: webhook },
  'GET /webhooks/a1b2/deliveries': { body: { items: deliveries, next: null } },
}

export const screens: Screen[] = [
  { name: 'plans', visitor: 'staff', path: '/plans', samples },
  {
    name: 'plans-add',
    visitor: 'staff',
    path: '/plans',
    samples,
    prepare: async page => {
      await page.locator('.page-actions button').click()
      await page.locator('dialog button[type=submit]').click()
    },
  },
  {
    name: 'plans-empty',
    visitor: 'staff',
    path: '/plans',
    samples: { ...samples, 'GET /plans': { body: { items: [] } } },
  },
  { name: 'plan-own', visitor: 'owner', path: '/plan', samples },
  {
    name: 'plan-own-ask',
    visitor: 'owner',
    path: '/plan',
    samples: {
      ...samples,
      'GET /mailbox/plan': { body: { ...samples['GET /mailbox/plan'].body, mayChoose: false } },
    },
    prepare: page => page.locator('.billing-offers button').first().click(),
  },
  { name: 'statement', visitor: 'manager', path: '/statements', samples },
  { name: 'statement-past', visitor: 'manager', path: '/statements/2026-10', samples },
  {
    name: 'statement-empty',
    visitor: 'manager',
    path: '/statements',
    samples: { ...samples, 'GET /statements/2026-11': { body: { ...month, domains: [], totals: [] } } },
  },
  { name: 'statement-domain', visitor: 'manager', path: '/statements/2026-11/example.org', samples },
  { name: 'ledger', visitor: 'manager', path: '/ledger', samples },
  {
    name: 'ledger-empty',
    visitor: 'manager',
    path: '/ledger',
    samples: { 'GET /ledger': { body: { items: [], next: null } } },
  },
  { name: 'mailbox-plan', visitor: 'staff', path: '/mailboxes/alice%40example.org/plan', samples },
  { name: 'webhooks', visitor: 'staff', path: '/webhooks', samples },
  {
    name: 'webhooks-add',
    visitor: 'staff',
    path: '/webhooks',
    samples,
    prepare: page => page.locator('.page-actions button').click(),
  },
  {
    name: 'webhooks-empty',
    visitor: 'manager',
    path: '/webhooks',
    samples: { 'GET /webhooks': { body: { items: [], events } } },
  },
  {
    name: 'webhook-empty',
    visitor: 'staff',
    path: '/webhooks/a1b2',
    samples: { ...samples, 'GET /webhooks/a1b2/deliveries': { body: { items: [], next: null } } },
  },
  { name: 'webhook', visitor: 'staff', path: '/webhooks/a1b2', samples },
]
