/** STATUS (RFC 9051 §6.3.11) and its items; also what LIST returns of it (RFC 5819). */
import type { CommandBody, StatusItem } from './command.ts'
import type { Decoder } from './decoder.ts'
import { mailbox } from './mailbox-name.ts'

const items: ReadonlySet<string> = new Set<StatusItem>([
  'MESSAGES',
  'UIDNEXT',
  'UIDVALIDITY',
  'UNSEEN',
  'DELETED',
  'SIZE',
  'RECENT',
  'HIGHESTMODSEQ',
  'APPENDLIMIT',
  'MAILBOXID',
  'DELETED-STORAGE',
])

const isStatusItem = (name: string): name is StatusItem => items.has(name)

export function parseStatus(decoder: Decoder): CommandBody {
  decoder.space('the mailbox name')
  const asked = mailbox(decoder)
  decoder.space('the status items')
  return { name: 'STATUS', mailbox: asked, items: statusItems(decoder) }
}

/** Each item once, in the client's order. */
export function statusItems(decoder: Decoder): StatusItem[] {
  const found = decoder.filledList('the status items', () => {
    const name = decoder.keyword('a status item')
    return isStatusItem(name) ? name : decoder.refuse('unknown status item')
  })
  return [...new Set(found)]
}
