import type { SharedTraceAnswer, TraceAnswer, TraceDetailAnswer } from '../../../../src/api/traces.ts'
import type { Screen } from '../../../dev/screens.ts'

const at = Date.UTC(2026, 10, 27, 9, 42)
const minute = 60_000

type Recipient = TraceAnswer['recipients'][number]
const recipient = (address: string, more: Partial<Recipient['outcome']>, text: string): Recipient => ({
  address,
  via: null,
  text,
  explanation: null,
  outcome: {
    kind: 'delivered',
    at,
    host: 'mx.example.net',
    tls: 'TLSv1.3',
    status: '2.0.0',
    answer: null,
    attempts: 1,
    nextAttemptAt: null,
    mailboxes: [],
    rule: null,
    readAt: null,
    count: 1,
    hold: null,
    ...more,
  },
})
const delivered = (address: string): Recipient =>
  recipient(
    address,
    { answer: '2.0.0 Ok: queued as 4Zk7Hq2mXz' },
    'Remis à mx.example.net le 27 novembre 2026 à 10:42:07, par une connexion chiffrée.',
  )
const full: Recipient = {
  ...recipient(
    'bob@example.net',
    {
      kind: 'bounced',
      status: '5.2.2',
      answer: '552 5.2.2 <bob@example.net>: Recipient address rejected: mailbox full',
    },
    'Refusé par mx.example.net le 27 novembre 2026 à 10:42:07.',
  ),
  explanation: {
    class: 'mailbox-full',
    whoActs: 'recipient',
    what: 'La boîte mail de bob@example.net est pleine.',
    why: 'Elle n’a plus de place pour de nouveaux messages.',
    todo: 'Prévenez votre correspondant par un autre moyen, puis renvoyez le message quand il aura fait de la place.',
  },
}
const waiting: Recipient = {
  ...recipient(
    'carol@example.com',
    {
      kind: 'waiting',
      host: 'mail.example.com',
      status: '4.7.1',
      answer: '451 4.7.1 Greylisted, please try again in 5 minutes',
      nextAttemptAt: at + 15 * minute,
    },
    'En attente : prochain essai le 27 novembre 2026 à 10:57:00.',
  ),
  explanation: {
    class: 'greylisted',
    whoActs: 'nobody',
    what: 'Le serveur de carol@example.com a demandé de réessayer plus tard.',
    why: 'Beaucoup de serveurs le font avec un expéditeur qu’ils ne connaissent pas encore.',
    todo: 'Rien : le message est renvoyé de lui-même dans quelques minutes.',
  },
}

const trace = (traceId: number, more: Partial<TraceAnswer>): TraceAnswer => ({
  traceId,
  id: `0199c3a1-7d5e-7c1a-9b1f-00000000000${traceId}`,
  at: at - traceId * 17 * minute,
  direction: 'out',
  from: 'alice@example.org',
  sizeBytes: 48_213,
  messageId: '<b1f7c2a4@example.org>',
  subject: null,
  origin: {
    via: 'submission',
    remoteAddress: '192.0.2.7',
    helo: 'laptop.example.org',
    tls: 'TLSv1.3',
    credential: 'alice@example.org',
    appPasswordId: null,
    appPassword: null,
  },
  recipientCount: 1,
  recipients: [delivered('bob@example.net')],
  ...more,
})
const stored = recipient(
  'alice@example.org',
  { kind: 'junk', host: null, tls: null, status: null },
  'Arrivé le 27 novembre 2026 à 09:08:11, dans le dossier des indésirables.',
)
const items = [
  trace(1, { subject: 'Devis de novembre', recipients: [full] }),
  trace(2, { subject: 'Réunion de lundi', recipients: [waiting], recipientCount: 1 }),
  trace(3, {
    subject: 'Compte rendu',
    recipientCount: 3,
    recipients: [delivered('bob@example.net'), delivered('dave@example.net'), waiting],
  }),
  trace(4, { subject: 'Votre commande', direction: 'in', from: 'shop@example.com', recipients: [stored] }),
  trace(5, { subject: 'Photos', recipients: [delivered('erin@example.net')] }),
]

const step = (
  kind: TraceDetailAnswer['steps'][number]['kind'],
  minutes: number,
  more: Partial<TraceDetailAnswer['steps'][number]> = {},
): TraceDetailAnswer['steps'][number] => ({
  at: at + minutes * minute,
  kind,
  address: null,
  host: null,
  remoteAddress: null,
  tls: null,
  status: null,
  answer: null,
  nextAttemptAt: null,
  mailboxes: [],
  rule: null,
  text: null,
  hold: null,
  ...more,
})
const server = { host: 'mx.example.net', remoteAddress: '203.0.113.25', tls: 'TLSv1.3' }
const sorted: TraceDetailAnswer = {
  ...trace(4, {
    subject: 'Votre commande',
    direction: 'in',
    from: 'shop@example.com',
    recipients: [
      recipient(
        'alice@example.org',
        { kind: 'folder', host: null, tls: null, status: null, readAt: at + minute },
        'Arrivé le 27 novembre 2026 à 09:08:11, classé dans « Commandes » par la règle « Boutiques ».',
      ),
    ],
    origin: {
      via: 'smtp',
      remoteAddress: '203.0.113.25',
      helo: 'mx.example.com',
      tls: 'TLSv1.3',
      credential: null,
      appPasswordId: null,
      appPassword: null,
    },
  }),
  steps: [
    step('accepted', 0, { tls: 'TLSv1.3' }),
    step('checked', 0),
    step('filtered', 0, { text: 'La règle « Boutiques » : classé dans « Commandes »' }),
    step('filtered', 0, { text: 'Le script « à la main », ligne 12 : transmis à bob@example.net' }),
    step('stored', 0, { mailboxes: ['Commandes'] }),
    step('read', 1),
    step('removed', 11_000),
  ],
  queue: [],
}
const refused: TraceDetailAnswer = {
  ...trace(1, { subject: 'Devis de novembre', recipients: [full] }),
  origin: { ...trace(1, {}).origin, appPasswordId: 'p1', appPassword: 'Téléphone' },
  steps: [
    step('accepted', 0, { tls: 'TLSv1.3' }),
    step('copied', 0, { address: 'archive@example.org' }),
    step('filed', 0, { mailboxes: ['Sent'] }),
    step('queued', 0, { address: 'bob@example.net' }),
    step('deferred', 1, {
      ...server,
      address: 'bob@example.net',
      status: '4.7.1',
      answer: '451 4.7.1 Greylisted, please try again in 5 minutes',
      nextAttemptAt: at + 16 * minute,
    }),
    step('bounced', 16, {
      ...server,
      address: 'bob@example.net',
      status: '5.2.2',
      answer: '552 5.2.2 <bob@example.net>: Recipient address rejected: mailbox full',
    }),
  ],
  queue: [],
}
const waits: TraceDetailAnswer = {
  ...trace(3, { recipientCount: 3, recipients: [delivered('bob@example.net'), waiting, full] }),
  steps: refused.steps,
  queue: [
    { queueId: 7, recipientId: 1, address: 'bob@example.net', status: 'delivered', attempts: 1, nextAttemptAt: at },
    {
      queueId: 7,
      recipientId: 2,
      address: 'carol@example.com',
      status: 'queued',
      attempts: 3,
      nextAttemptAt: at + 15 * minute,
    },
    { queueId: 7, recipientId: 3, address: 'dave@example.com', status: 'held', attempts: 0, nextAttemptAt: at },
  ],
}
const shared: SharedTraceAnswer = {
  ...refused,
  subject: null,
  origin: {
    ...refused.origin,
    remoteAddress: null,
    helo: null,
    credential: null,
    appPasswordId: null,
    appPassword: null,
  },
  steps: refused.steps.filter(({ kind }) => kind !== 'copied' && kind !== 'filed'),
  expiresAt: at + 7 * 24 * 60 * minute,
}
const list = { body: { items, next: '5' } }
const nothing = { body: { items: [], next: null } }
const link = {
  status: 201,
  body: { url: `https://mail.example.org/trace#${'T'.repeat(43)}`, expiresAt: shared.expiresAt },
}
const token = 'T'.repeat(43)
const shareButton = '.page-actions button, header button:has(svg.lucide-share-2)'

export const screens: Screen[] = [
  { name: 'traces-own', visitor: 'owner', path: '/mailbox/traces', samples: { 'GET /mailbox/traces': list } },
  {
    name: 'traces-own-empty',
    visitor: 'owner',
    path: '/mailbox/traces?other=bob%40example.net&day=2026-11-26&time=10%3A42',
    samples: { 'GET /mailbox/traces': nothing },
  },
  {
    name: 'traces-own-far',
    visitor: 'owner',
    path: '/mailbox/traces?other=bob%40example.net',
    samples: { 'GET /mailbox/traces': { body: { items: [], next: '400' } } },
    looks: ['desktop-light', 'phone-dark'],
  },
  {
    name: 'traces-own-message',
    visitor: 'owner',
    path: '/mailbox/traces/1',
    samples: { 'GET /mailbox/traces/1': { body: refused } },
  },
  {
    name: 'traces-own-sorted',
    visitor: 'owner',
    path: '/mailbox/traces/4',
    samples: { 'GET /mailbox/traces/4': { body: sorted } },
  },
  {
    name: 'traces-own-linked',
    visitor: 'owner',
    path: '/mailbox/traces/0199c3a1-7d5e-7c1a-9b1f-000000000009',
    samples: { 'GET /mailbox/traces': nothing },
    looks: ['desktop-light', 'phone-dark'],
  },
  {
    name: 'traces-own-share',
    visitor: 'owner',
    path: '/mailbox/traces/1',
    samples: { 'GET /mailbox/traces/1': { body: refused }, 'POST /mailbox/traces/1/links': link },
    prepare: async page => {
      await page.locator(shareButton).first().click()
      await page.locator('dialog[open]').waitFor()
    },
  },
  {
    name: 'traces-managed',
    visitor: 'manager',
    path: '/traces?sender=example.org',
    samples: { 'GET /traces': { body: { items: items.map(item => ({ ...item, subject: null })), next: null } } },
  },
  { name: 'traces-staff', visitor: 'staff', path: '/traces', samples: { 'GET /traces': list } },
  { name: 'traces-message', visitor: 'staff', path: '/traces/3', samples: { 'GET /traces/3': { body: waits } } },
  {
    name: 'traces-drop',
    visitor: 'staff',
    path: '/traces/3',
    samples: { 'GET /traces/3': { body: waits } },
    prepare: async page => {
      await page.locator('.card-footer .button.danger-quiet').click()
      await page.locator('dialog[open]').waitFor()
    },
  },
  {
    name: 'traces-live',
    visitor: 'staff',
    path: '/traces/live',
    samples: {
      // As where no stream comes through.
      'GET /traces/live/stream': { body: {} },
      'GET /traces/live': url => ({ body: { items: url.searchParams.has('after') ? items : [], next: 9 } }),
    },
    prepare: page => page.locator('tbody tr').first().waitFor(),
  },
  {
    name: 'traces-shared',
    visitor: 'nobody',
    path: `/trace#${token}`,
    samples: { 'POST /trace-links/open': { body: shared } },
  },
  {
    name: 'traces-shared-over',
    visitor: 'nobody',
    path: `/trace#${token}`,
    samples: {
      'POST /trace-links/open': {
        status: 404,
        body: { status: 404, code: 'trace-link-gone', title: 'Ce lien n’est plus valable.' },
      },
    },
  },
]
