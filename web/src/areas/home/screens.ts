import type { OwnTrafficAnswer } from '../../../../src/api/dashboard.ts'
import type { SpaceAnswer } from '../../../../src/api/mail-space.ts'
import type { RecoveryAnswer } from '../../../../src/api/recovery.ts'
import type { SendingGaugeAnswer } from '../../../../src/api/sending.ts'
import type { LatestSignInsAnswer } from '../../../../src/api/sign-ins.ts'
import type { Samples } from '../../../dev/sample-service.ts'
import { autoReply as reply } from '../../../dev/samples.ts'
import type { Screen } from '../../../dev/screens.ts'

const MB = 1024 * 1024
const space: SpaceAnswer = {
  usedBytes: 4480 * MB,
  quotaBytes: 5120 * MB,
  messages: 18_204,
  folders: [
    { name: 'INBOX', specialUse: null, messages: 11_020, sizeBytes: 2600 * MB },
    { name: 'Sent Messages', specialUse: 'sent', messages: 5100, sizeBytes: 1210 * MB },
    { name: 'Trash', specialUse: 'trash', messages: 1504, sizeBytes: 642 * MB },
    { name: 'Projets/Chantier de la rue des Lilas', specialUse: null, messages: 580, sizeBytes: 28 * MB },
  ],
}

const now = Date.now()
const seen = (protocol: 'imap' | 'submission' | 'panel', minutes: number, label: string | null) => {
  const times = { firstAt: now - minutes * 60_000 - 9e6, lastAt: now - minutes * 60_000, count: 12 }
  const credential = label === null ? ('password' as const) : ('app-password' as const)
  const ok = {
    protocol,
    outcome: 'ok' as const,
    credential,
    label,
    remoteAddress: '192.0.2.17',
    client: null,
    ...times,
  }
  return { protocol, any: ok, ok }
}
const latest: LatestSignInsAnswer = [
  seen('imap', 2, 'Téléphone'),
  seen('submission', 190, null),
  seen('panel', 0, null),
]

const recovery: RecoveryAnswer = { address: 'a•••@example.net', confirmedAt: now - 9e9, pending: null }
const secondFactor = {
  isOn: true,
  isRequired: false,
  codesSince: now - 9e9,
  passkeys: [],
  recoveryCodes: { left: 9, total: 10 },
}

const traffic: OwnTrafficAnswer = {
  step: 'hour',
  traffic: Array.from({ length: 168 }, (_, i) => ({
    at: Math.floor(now / 3_600_000 - 167 + i) * 3_600_000,
    received: Math.round(4 + 4 * Math.sin(i / 4) + (i % 3)),
    receivedBytes: 90_000,
    sent: Math.max(0, Math.round(3 * Math.sin(i / 4 + 1))),
    sentBytes: 40_000,
    refused: i === 90 ? 2 : 0,
  })),
}

const sending: SendingGaugeAnswer = {
  kind: 'mailbox',
  name: 'alice@example.org',
  domain: 'example.org',
  used: 12,
  limit: 300,
  usualLimit: 300,
  blockedUntil: null,
  raise: null,
  held: null,
}
const held: SendingGaugeAnswer = {
  ...sending,
  held: {
    reason: 'bounces',
    at: now - 3_600_000,
    facts: { count: 84, usual: 50, sample: [], remoteAddress: null, place: null },
    messages: 12,
    recipients: 34,
  },
}

const nothing = { received: 0, receivedBytes: 0, sent: 0, sentBytes: 0, refused: 0 }

const full: Samples = {
  'GET /mailbox/traffic': { body: traffic },
  'GET /mailbox/sending': { body: sending },
  'GET /mailbox/space': { body: space },
  'GET /auto-reply': { body: reply },
  'GET /sign-ins/latest': { body: latest },
  'GET /recovery-address': { body: recovery },
  'GET /second-factor': { body: secondFactor },
}
const fresh: Samples = {
  'GET /mailbox/traffic': { body: { step: 'hour', traffic: traffic.traffic.map(({ at }) => ({ ...nothing, at })) } },
  'GET /mailbox/sending': { body: sending },
  'GET /mailbox/space': { body: { usedBytes: 0, quotaBytes: null, messages: 0, folders: [] } },
  'GET /auto-reply': { body: { ...reply, state: 'off', enabled: false } },
  'GET /sign-ins/latest': { body: [seen('panel', 0, null)] },
  'GET /recovery-address': { body: { address: null, confirmedAt: null, pending: null } },
  'GET /second-factor': { body: { ...secondFactor, isOn: false } },
}

export const screens: Screen[] = [
  { name: 'home-manager', visitor: 'managerWithMailbox', path: '/', samples: full },
  {
    name: 'home',
    visitor: 'owner',
    path: '/',
    samples: full,
    prepare: page => page.locator('.plot-canvas canvas').nth(1).waitFor(),
  },
  { name: 'home-fresh', visitor: 'owner', path: '/', samples: fresh },
  { name: 'home-held', visitor: 'owner', path: '/', samples: { ...full, 'GET /mailbox/sending': { body: held } } },
  {
    name: 'home-empty-trash',
    visitor: 'owner',
    path: '/',
    samples: full,
    prepare: page => page.locator('.home-cards .card-footer button').first().click(),
  },
  {
    name: 'home-problems',
    visitor: 'owner',
    path: '/',
    samples: {
      ...full,
      'GET /mailbox/space': { status: 500, body: { status: 500, code: 'internal', title: 'Une erreur est survenue.' } },
      'GET /auto-reply': { hangs: true },
    },
  },
]
