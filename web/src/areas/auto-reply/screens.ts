import type { AutoReplyAnswer } from '../../../../src/api/auto-reply.ts'
import type { Screen } from '../../../dev/screens.ts'

export const reply: AutoReplyAnswer = {
  address: 'alice@example.org',
  enabled: true,
  fromDay: '2026-11-23',
  untilDay: '2026-12-04',
  timeZone: 'Europe/Paris',
  subject: 'Absente jusqu’au 4 décembre',
  text: 'Bonjour,\n\nje suis absente jusqu’au vendredi 4 décembre et je lirai votre message à mon retour.\n\nAlice',
  audience: 'everyone',
  intervalDays: 7,
  state: 'active',
  startsAt: Date.UTC(2026, 10, 22, 23),
  endsAt: Date.UTC(2026, 11, 4, 23),
  updatedAt: Date.UTC(2026, 10, 20),
  isSent: false,
}

const unset = { enabled: false, fromDay: null, untilDay: null, subject: '', text: '', state: 'off' as const }

export const screens: Screen[] = [
  { name: 'auto-reply', visitor: 'owner', path: '/auto-reply', samples: { 'GET /auto-reply': { body: reply } } },
  {
    name: 'auto-reply-errors',
    visitor: 'owner',
    path: '/auto-reply',
    samples: { 'GET /auto-reply': { body: { ...reply, ...unset, isSent: true } } },
    prepare: async page => {
      await page.getByRole('switch').click()
      await page.locator('form button[type=submit]').click()
    },
  },
  {
    name: 'auto-reply-mailbox',
    visitor: 'manager',
    path: '/mailboxes/bob@example.org/auto-reply',
    samples: {
      'GET /mailboxes/bob@example.org/auto-reply': {
        body: { ...reply, address: 'bob@example.org', state: 'scheduled', isSent: true },
      },
      'GET /mailboxes/bob%40example.org/auto-reply': {
        body: { ...reply, address: 'bob@example.org', state: 'scheduled', isSent: true },
      },
    },
  },
]
