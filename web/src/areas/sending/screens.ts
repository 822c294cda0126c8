import type { Screen } from '../../../dev/screens.ts'

const rules = {
  address: 'alice@example.org',
  copiesCc: [],
  copiesBcc: ['archives@example.org'],
  filesSentCopy: true,
  updatedAt: Date.UTC(2026, 10, 20),
}
const bounces = { address: 'alice@example.org', copyTo: null }
const ofMailbox = (address: string) => ({
  [`GET /mailboxes/${address}/sending-rules`]: { body: { ...rules, address: 'bob@example.org', copiesBcc: [] } },
  [`GET /mailboxes/${address}/bounce-copy`]: { body: { address: 'bob@example.org', copyTo: 'team@example.org' } },
})

export const screens: Screen[] = [
  {
    name: 'sending',
    visitor: 'owner',
    path: '/sending',
    samples: { 'GET /sending-rules': { body: rules }, 'GET /bounce-copy': { body: bounces } },
  },
  {
    name: 'sending-errors',
    visitor: 'owner',
    path: '/sending',
    samples: { 'GET /sending-rules': { body: rules }, 'GET /bounce-copy': { body: bounces } },
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
]
