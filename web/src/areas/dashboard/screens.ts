import type { Screen } from '../../../dev/screens.ts'

const GB = 1024 ** 3
const day = Date.UTC(2026, 10, 20, 9)
const hour = 3_600_000

const counts = { received: 412, receivedBytes: 9_000_000, sent: 187, sentBytes: 4_000_000, refused: 2 }
const totals = {
  at: day,
  domains: 3,
  mailboxes: 48,
  usedBytes: 131 * GB,
  quotaBytes: 400 * GB,
  unlimitedMailboxes: 0,
  today: counts,
  lastWeek: { ...counts, received: 380, sent: 201 },
  almostFull: [
    { address: 'alice@example.org', usedBytes: 4.9 * GB, quotaBytes: 5 * GB },
    { address: 'info@example.com', usedBytes: 4.6 * GB, quotaBytes: 5 * GB },
  ],
  almostFullMailboxes: 2,
  queueWaiting: 14,
}
const wave = (i: number, size: number): number => Math.round(size * (1 + Math.sin(i / 3)) + (i % 5))
const series = {
  step: 'hour',
  traffic: Array.from({ length: 168 }, (_, i) => ({
    ...counts,
    at: day - (167 - i) * hour,
    received: wave(i, 20),
    sent: wave(i + 4, 11),
    refused: i % 29 === 0 ? 3 : 0,
  })),
  space: Array.from({ length: 7 }, (_, i) => ({
    day: `2026-11-${14 + i}`,
    usedBytes: (120 + i * 1.8) * GB,
    quotaBytes: 400 * GB,
    mailboxes: 48,
  })),
}
const samples = {
  'GET /dashboard': { body: totals },
  'GET /dashboard/series': { body: series },
  'GET /sending/holds': {
    body: {
      items: [
        {
          address: 'carol@example.org',
          reason: 'unknown-users',
          at: day,
          facts: { count: 31, usual: 25, sample: ['x@example.com'], remoteAddress: null, place: null },
          messages: 12,
          recipients: 34,
        },
      ],
    },
  },
  'GET /sending/nearest': {
    body: {
      items: [
        { address: 'shop@example.com', used: 300, limit: 300, blockedUntil: day + hour },
        { address: 'alice@example.org', used: 262, limit: 300, blockedUntil: null },
        { address: 'bob@example.org', used: 41, limit: 300, blockedUntil: null },
      ],
    },
  },
  'GET /dashboard/top': {
    body: {
      items: [
        { address: 'shop@example.com', value: 320 },
        { address: 'alice@example.org', value: 41 },
        { address: 'bob@example.org', value: 12 },
      ],
    },
  },
}
const none = { received: 0, receivedBytes: 0, sent: 0, sentBytes: 0, refused: 0 }

export const screens: Screen[] = [
  {
    name: 'dashboard',
    visitor: 'staff',
    path: '/dashboard',
    samples,
    prepare: page => page.locator('.plot-canvas canvas').nth(2).waitFor(),
  },
  {
    name: 'dashboard-manager',
    visitor: 'manager',
    path: '/dashboard',
    samples: { ...samples, 'GET /dashboard': { body: { ...totals, queueWaiting: null } } },
  },
  {
    name: 'dashboard-first-day',
    visitor: 'manager',
    path: '/dashboard',
    samples: {
      ...samples,
      'GET /dashboard/series': {
        body: {
          ...series,
          traffic: series.traffic.map((one, i) => ({ ...one, received: i % 2, sent: 0, refused: i === 3 ? 1 : 0 })),
          space: series.space.slice(0, 1),
        },
      },
    },
    prepare: page => page.locator('.plot-canvas canvas').nth(1).waitFor(),
  },
  {
    name: 'dashboard-empty',
    visitor: 'manager',
    path: '/dashboard',
    samples: {
      'GET /dashboard': {
        body: { ...totals, mailboxes: 0, almostFull: [], almostFullMailboxes: 0, today: none, lastWeek: none },
      },
      'GET /dashboard/series': { body: { step: 'hour', traffic: [], space: [] } },
      'GET /dashboard/top': { body: { items: [] } },
    },
  },
]
