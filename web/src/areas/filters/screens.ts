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
const own = { 'GET /filters': { body: { address, rules, script: null } } }

export const screens: Screen[] = [
  { name: 'filters', visitor: 'owner', path: '/filters', samples: own },
  {
    name: 'filters-empty',
    visitor: 'owner',
    path: '/filters',
    samples: { 'GET /filters': { body: { address, rules: [], script: null } } },
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
    samples: { 'GET /filters': { body: { address, rules: null, script } } },
  },
  {
    name: 'filters-mailbox',
    visitor: 'manager',
    path: '/mailboxes/bob@example.org/filters',
    samples: {
      'GET /mailboxes/bob@example.org/filters': { body: { address: 'bob@example.org', rules: null, script } },
      'GET /mailboxes/bob%40example.org/filters': { body: { address: 'bob@example.org', rules: null, script } },
    },
  },
]
