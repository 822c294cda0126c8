import { autoReply as reply } from '../../../dev/samples.ts'
import type { Screen } from '../../../dev/screens.ts'

const unset = { enabled: false, fromDay: null, untilDay: null, subject: '', text: '', state: 'off' as const }

export const screens: Screen[] = [
  { name: 'auto-reply', visitor: 'owner', path: '/auto-reply', samples: { 'GET /auto-reply': { body: reply } } },
  {
    name: 'auto-reply-errors',
    visitor: 'owner',
    path: '/auto-reply',
    samples: { 'GET /auto-reply': { body: { ...reply, ...unset } } },
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
        body: { ...reply, address: 'bob@example.org', state: 'scheduled' },
      },
      'GET /mailboxes/bob%40example.org/auto-reply': {
        body: { ...reply, address: 'bob@example.org', state: 'scheduled' },
      },
    },
  },
]
