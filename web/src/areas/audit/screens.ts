import type { AuditEntryAnswer } from '../../../../src/api/audit.ts'
import type { Screen } from '../../../dev/screens.ts'

const at = Date.UTC(2026, 2, 5, 9, 30)
const entry = (auditId: number, more: Partial<AuditEntryAnswer>): AuditEntryAnswer => ({
  auditId,
  at: at - auditId * 3_600_000,
  actor: 'bob@example.net',
  actorRole: 'manager',
  via: 'panel',
  remoteAddress: '192.0.2.7',
  action: 'mailbox.update',
  target: 'alice@example.org',
  domain: 'example.org',
  before: null,
  after: null,
  ...more,
})
const items = [
  entry(1, {
    before: { quotaBytes: 5_368_709_120, sendingEnabled: true },
    after: { quotaBytes: 10_737_418_240, sendingEnabled: false },
  }),
  entry(2, { action: 'link.create', after: { linkId: 'k7mpx3wd9tqahv4r', expiresAt: at + 86_400_000, code: true } }),
  entry(3, {
    actor: 'command-line',
    actorRole: 'system',
    via: 'command-line',
    remoteAddress: '',
    action: 'user.create',
    target: 'bob@example.net',
    after: { role: 'manager', domains: ['example.org'] },
  }),
  entry(4, {
    actor: 'alice@example.org',
    actorRole: 'owner',
    via: 'link',
    action: 'password.reset',
    after: { othersRevoked: true },
  }),
  entry(5, {
    action: 'plan.update',
    target: 'pro',
    before: { monthlyPrice: 300, currency: 'EUR', name: 'Pro' },
    after: { monthlyPrice: 350, currency: 'EUR', name: 'Pro' },
  }),
  entry(6, {
    action: 'mailbox.forward',
    before: { forward: null },
    after: { forward: { targets: ['alice@example.com'], keepCopy: false } },
  }),
  entry(7, {
    action: 'commonScript.set',
    target: 'service',
    domain: null,
    after: { isActive: true, source: 'require "fileinto";\nkeep;\n' },
  }),
]

export const screens: Screen[] = [
  { name: 'audit', visitor: 'manager', path: '/audit', samples: { 'GET /audit': { body: { items, next: '4' } } } },
  {
    name: 'audit-empty',
    visitor: 'owner',
    path: '/audit',
    samples: { 'GET /audit': { body: { items: [], next: null } } },
  },
]
