import type { Screen } from '../../../dev/screens.ts'

const rules = [
  {
    name: 'Lettres d’information',
    isEnabled: true,
    match: 'any',
    conditions: [
      { kind: 'sender', comparison: 'contains', texts: ['newsletter', 'news@example.net'], isNegated: false },
      { kind: 'subject', comparison: 'begins', texts: ['[Info]'], isNegated: false },
    ],
    actions: [{ kind: 'move', mailbox: 'Lectures/Lettres' }, { kind: 'mark-read' }],
  },
  {
    name: 'Gros fichiers',
    isEnabled: false,
    match: 'all',
    conditions: [{ kind: 'size', comparison: 'over', bytes: 10 * 1024 * 1024 }],
    actions: [{ kind: 'flag' }],
  },
]
const address = 'alice@example.org'
const script = {
  name: 'main',
  source: 'require ["fileinto"];\r\n\r\nif header :contains "subject" "facture" {\r\n  fileinto "Factures";\r\n}\r\n',
  updatedAt: Date.UTC(2026, 10, 20),
}
const nothing = {
  contradictions: [],
  warnings: [],
  failure: null,
  before: { service: false, domain: null },
  revision: 1,
}
const failure = {
  at: Date.UTC(2026, 10, 23, 9, 12),
  messages: 4,
  script: 'main',
  rule: null,
  line: 4,
  column: 3,
  problem: '"reject" after "fileinto"',
  address,
  sender: 'compta@fournisseur.example',
}
const before = {
  service: true,
  domain: { name: 'example.org', rules: rules.slice(0, 1), source: '', updatedAt: script.updatedAt },
}
const own = { 'GET /filters': { body: { address, rules, script: null, ...nothing, before } } }
const refusal = {
  name: 'Démarchage',
  isEnabled: true,
  match: 'all',
  conditions: [{ kind: 'subject', comparison: 'contains', texts: ['référencement'], isNegated: false }],
  actions: [{ kind: 'reject', reason: 'Merci de ne plus écrire.' }],
}
const stored = { source: script.source, isActive: true, revision: 3, updatedAt: script.updatedAt }
const warning = {
  line: 4,
  column: 3,
  message: '"reject" after "fileinto" of line 3: where both are run, the script fails and the message is kept',
  earlier: { line: 3, column: 1 },
}

export const screens: Screen[] = [
  { name: 'filters', visitor: 'owner', path: '/filters', samples: own },
  {
    name: 'filters-empty',
    visitor: 'owner',
    path: '/filters',
    samples: { 'GET /filters': { body: { address, rules: [], script: null, ...nothing } } },
  },
  {
    name: 'filters-rule',
    visitor: 'owner',
    path: '/filters',
    samples: own,
    prepare: async page => {
      await page.locator('.filter-buttons').first().getByRole('button').nth(2).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'filters-script',
    visitor: 'owner',
    path: '/filters',
    samples: { 'GET /filters': { body: { address, rules: null, script, ...nothing, failure } } },
  },
  {
    name: 'filters-mailbox',
    visitor: 'manager',
    path: '/mailboxes/bob@example.org/filters',
    samples: {
      'GET /mailboxes/bob@example.org/filters': {
        body: { address: 'bob@example.org', rules: null, script, ...nothing },
      },
      'GET /mailboxes/bob%40example.org/filters': {
        body: { address: 'bob@example.org', rules: null, script, ...nothing },
      },
    },
  },
  {
    name: 'filters-domain',
    visitor: 'manager',
    path: '/domains/example.org/filters',
    samples: {
      'GET /domains/example.org/script': {
        body: {
          domain: 'example.org',
          rules: [...rules, refusal],
          contradictions: [{ rule: 2, earlier: 0 }],
          script: stored,
          warnings: [],
          failure: { ...failure, script: '', rule: 'Démarchage' },
        },
      },
    },
  },
  {
    name: 'filters-service',
    visitor: 'staff',
    path: '/service/filters',
    samples: {
      'GET /service/script': {
        body: {
          domain: null,
          rules: null,
          contradictions: [],
          script: { ...stored, isActive: false },
          warnings: [warning],
          failure: null,
        },
      },
    },
  },
]
