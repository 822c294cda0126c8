/** What SEARCH, SORT and THREAD look through: the selected mailbox as the client knows it. */
import type { SearchScope } from '../../mail/search.ts'
import type { ImapContext } from './context.ts'

export function searchScope({ mailbox, services }: ImapContext): SearchScope {
  const { view, saved } = mailbox
  return { messages: services.messages, mailbox, view, saved, now: services.clock.now() }
}
