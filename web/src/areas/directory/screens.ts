import type { Screen } from '../../../dev/screens.ts'

const GB = 1024 ** 3
const now = Date.now()
const DAY = 24 * 60 * 60_000

const mailbox = (address: string, more: object = {}) => ({
  address,
  domain: address.slice(address.indexOf('@') + 1),
  name: '',
  kind: 'personal',
  role: 'owner',
  state: 'active',
  signInEnabled: true,
  sendingEnabled: true,
  receivingEnabled: true,
  hasPassword: true,
  usedBytes: 1.2 * GB,
  quotaBytes: 5 * GB,
  messages: 4213,
  planId: null,
  hourlyLimit: null,
  forward: null,
  createdAt: now - 400 * DAY,
  lastSignInAt: now - 3 * 60_000,
  ...more,
})
const mailboxes = [
  mailbox('alice@example.org', { name: 'Alice', usedBytes: 4.6 * GB, planId: 'small' }),
  mailbox('bob@example.org', { name: 'Bob', state: 'waiting', hasPassword: false, usedBytes: 0, lastSignInAt: null }),
  mailbox('carol@example.com', {
    state: 'receiving',
    signInEnabled: false,
    sendingEnabled: false,
    usedBytes: 4.9 * GB,
  }),
  mailbox('direction@example.com', { state: 'blocked', quotaBytes: null }),
  mailbox('support@example.org', { name: 'Support', kind: 'shared', lastSignInAt: now - 2 * DAY }),
  mailbox('une-adresse-particulierement-longue@example.org', {
    forward: { targets: ['ailleurs@example.net'], keepCopy: true },
  }),
]
const domain = (name: string, more: object = {}) => ({
  name,
  mailboxes: 12,
  maxMailboxes: 20,
  usedBytes: 31 * GB,
  soldBytes: 60 * GB,
  quotaBytes: 100 * GB,
  withoutQuota: 0,
  catchAll: null,
  defaultPlanId: null,
  defaultQuotaBytes: 5 * GB,
  mailboxHourlyLimit: 100,
  domainHourlyLimit: 300,
  aliases: [],
  createdAt: now - 800 * DAY,
  ...more,
})
const domains = [
  domain('example.com', { mailboxes: 20, soldBytes: 95 * GB }),
  domain('example.net', { maxMailboxes: null, quotaBytes: null }),
  domain('example.org', { aliases: ['example.info'], catchAll: 'alice@example.org', defaultPlanId: 'small' }),
]
const aliases = [
  { address: 'contact@example.org', kind: 'alias', name: '', targets: ['alice@example.org'], createdAt: now },
  {
    address: 'equipe@example.org',
    kind: 'group',
    name: 'L’équipe',
    targets: ['alice@example.org', 'bob@example.org', 'carol@example.com', 'dora@example.net'],
    createdAt: now,
  },
]
const details = (row: object) => ({ ...row, principalId: 7, aliases, domainAliases: ['example.info'] })
const list = (items: unknown[]) => ({ body: { items, next: null, total: items.length } })
const plan = (planId: string, name: string, gigabytes: number, monthlyPrice: number) => ({
  planId,
  name,
  description: '',
  storageBytes: gigabytes * GB,
  hourlyLimit: null,
  monthlyPrice,
  currency: 'EUR',
  isOffered: true,
  createdAt: now,
  updatedAt: now,
  mailboxes: 3,
})
const samples = {
  'GET /plans': { body: { items: [plan('small', 'Essentielle', 5, 300), plan('large', 'Confort', 50, 900)] } },
  'GET /domains/example.org/plan-self-service': { body: { selfService: null, holds: false } },
  'GET /mailboxes/alice%40example.org/plan': {
    body: {
      address: 'alice@example.org',
      terms: {
        planId: 'small',
        planName: 'Essentielle',
        storageBytes: 5 * GB,
        hourlyLimit: null,
        monthlyPrice: 300,
        currency: 'EUR',
      },
      usedBytes: 4.6 * GB,
      quotaBytes: 5 * GB,
    },
  },
  'GET /mailboxes': list(mailboxes),
  'GET /domains': list(domains),
  'GET /domains/example.org': { body: domains[2] },
  'GET /aliases': list(aliases),
  'GET /bin': list([
    { ...mailboxes[0], address: 'dora@example.org', removedAt: now - 3 * DAY, purgedAt: now + 27 * DAY },
  ]),
  'GET /mailboxes/alice%40example.org': { body: details(mailboxes[0] ?? {}) },
  'GET /mailboxes/carol%40example.com': { body: details(mailboxes[2] ?? {}) },
  'GET /mailboxes/support%40example.org': { body: details(mailboxes[4] ?? {}) },
  'GET /mailboxes/support%40example.org/members': {
    body: [
      { address: 'alice@example.org', name: 'Alice', maySend: true, createdAt: now },
      { address: 'bob@example.org', name: '', maySend: false, createdAt: now },
    ],
  },
  'GET /mailboxes/manager%40example.org': { body: details(mailbox('manager@example.org', { role: 'manager' })) },
  'GET /mailbox/addresses': {
    body: {
      address: 'alice@example.org',
      domainAliases: ['example.info'],
      aliases: ['contact@example.org'],
      groups: [{ address: 'equipe@example.org', name: 'L’équipe' }],
      shared: [{ address: 'support@example.org', name: 'Support', maySend: true }],
      forward: { targets: ['alice@example.net'], keepCopy: true },
    },
  },
  'POST /mailboxes/preview': {
    body: {
      columns: ['address', 'name', 'quota'],
      rows: [
        {
          line: 2,
          address: 'dora@example.org',
          name: 'Dora',
          plan: { planId: 'small', name: 'Essentielle' },
          sendTo: '',
          errors: [],
        },
        {
          line: 3,
          address: 'alice@example.org',
          name: 'Alice',
          sendTo: '',
          errors: [
            { column: 'address', code: 'mailbox-exists', message: 'L’adresse alice@example.org est déjà prise.' },
          ],
        },
      ],
      ready: 1,
    },
  },
}
const staff = { visitor: 'staff', samples } as const
const manager = { visitor: 'manager', samples } as const

export const screens: Screen[] = [
  { ...staff, name: 'directory-mailboxes', path: '/mailboxes' },
  {
    ...staff,
    name: 'directory-mailboxes-empty',
    path: '/mailboxes',
    samples: { ...samples, 'GET /mailboxes': list([]) },
  },
  { ...staff, name: 'directory-create', path: '/mailboxes?new=1' },
  { ...staff, name: 'directory-mailbox', path: '/mailboxes/alice%40example.org' },
  { ...manager, name: 'directory-mailbox-fixed', path: '/mailboxes/manager%40example.org' },
  { ...staff, name: 'directory-mailbox-addresses', path: '/mailboxes/alice%40example.org/addresses' },
  { ...staff, name: 'directory-mailbox-access', path: '/mailboxes/carol%40example.com/access' },
  { ...staff, name: 'directory-mailbox-members', path: '/mailboxes/support%40example.org/members' },
  { ...staff, name: 'directory-mailbox-removal', path: '/mailboxes/alice%40example.org/removal' },
  { ...staff, name: 'directory-domains', path: '/domains' },
  { ...staff, name: 'directory-domain', path: '/domains/example.org' },
  { ...manager, name: 'directory-domain-manager', path: '/domains/example.org' },
  { ...staff, name: 'directory-aliases', path: '/aliases' },
  { ...staff, name: 'directory-bin', path: '/bin' },
  { ...staff, name: 'directory-import', path: '/mailboxes/import' },
  {
    ...staff,
    name: 'directory-import-preview',
    path: '/mailboxes/import',
    prepare: async page => {
      await page.locator('textarea').fill('dora@example.org;Dora;5\nalice@example.org;Alice')
      await page.locator('.button.primary').click()
      await page.locator('table').waitFor()
    },
  },
  { visitor: 'owner', samples, name: 'directory-own', path: '/addresses' },
  { ...staff, name: 'directory-domains-empty', path: '/domains', samples: { 'GET /domains': list([]) } },
  {
    ...staff,
    name: 'directory-domains-add',
    path: '/domains',
    prepare: async page => {
      await page.locator('.page-actions button').first().click()
      await page.locator('dialog button[type=submit]').click()
    },
  },
  { ...manager, name: 'directory-aliases-empty', path: '/aliases', samples: { 'GET /aliases': list([]) } },
  {
    ...manager,
    name: 'directory-aliases-add',
    path: '/aliases',
    prepare: async page => {
      await page.locator('.page-actions button').first().click()
      await page.locator('dialog button[type=submit]').click()
    },
  },
  { ...manager, name: 'directory-bin-empty', path: '/bin', samples: { 'GET /bin': list([]) } },
  {
    visitor: 'owner',
    name: 'directory-own-none',
    path: '/addresses',
    samples: {
      'GET /mailbox/addresses': {
        body: { address: 'alice@example.org', domainAliases: [], aliases: [], groups: [], shared: [], forward: null },
      },
    },
  },
]
