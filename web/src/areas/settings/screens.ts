import type { ProfileAnswer } from '../../../../src/api/profile.ts'
import type { Screen } from '../../../dev/screens.ts'

const profile: ProfileAnswer = {
  address: 'alice@example.org',
  name: 'Alice',
  role: 'owner',
  language: 'fr',
  timeZone: 'Europe/Paris',
  hasMailbox: true,
  passwordChangedAt: Date.UTC(2026, 9, 2, 9),
  createdAt: Date.UTC(2026, 1, 14, 9),
}

export const screens: Screen[] = [
  {
    name: 'settings',
    visitor: 'owner',
    path: '/settings',
    samples: {
      'GET /profile': { body: profile },
      'GET /mailbox/pop3': { body: { address: profile.address, keepDays: 15 } },
    },
  },
]
