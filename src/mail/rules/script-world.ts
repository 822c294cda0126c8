/** What a script may ask about the world it runs in, answered for one account and one message. */
import type { Store } from '../../store/store.ts'
import type { AccountRow } from '../../store/types.ts'
import type { World } from '../../wire/sieve/types.ts'
import { Breather } from '../breather.ts'
import type { Arrival } from '../filter.ts'
import { normalizeMailboxName } from '../mailbox-name.ts'
import { duplicateHash } from './script-actions.ts'

export interface WorldParts {
  store: Pick<Store, 'read'>
  hostname: string
  version: string
  timeZone: string
}

export function scriptWorld(
  { store, hostname, version, timeZone }: WorldParts,
  { accountId, domain }: AccountRow,
  { at, message: { origin } }: Arrival,
): World {
  // RFC 5183 §4.1
  const items = new Map([
    ['domain', domain],
    ['host', hostname],
    ['location', 'MDA'],
    ['name', 'Facteur'],
    ['phase', 'during'],
    ['version', version],
  ])
  // Of a client: what the queue, a rule or the service itself hands over has none.
  if (origin?.remoteAddress) items.set('remote-ip', origin.remoteAddress)
  const breather = new Breather()
  return {
    now: at,
    timeZone,
    async mailboxExists(name) {
      return (await store.read('mailbox.byName', { accountId, name: normalizeMailboxName(name) })) !== null
    },
    async specialUseMailbox(use) {
      const wanted = use.replace(/^\\/, '').toLowerCase()
      const mailboxes = await store.read('mailbox.list', { accountId })
      return mailboxes.find(({ specialUse }) => specialUse === wanted)?.name ?? null
    },
    isDuplicate: (handle, id) =>
      store.read('ruleMemory.has', { accountId, kind: 'duplicate', hash: duplicateHash(handle, id), at }),
    environment: name => items.get(name) ?? null,
    // Nobody looks at content yet.
    spamPercent: null,
    virusLevel: 0,
    pause: () => breather.pause(),
  }
}
