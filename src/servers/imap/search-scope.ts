/** What SEARCH, SORT and THREAD look through: the selected mailbox as the client knows it. */
import { Breather } from '../../mail/breather.ts'
import type { SearchScope } from '../../mail/search.ts'
import type { ImapContext } from './context.ts'

export function searchScope({ mailbox, services, whileConnected }: ImapContext): SearchScope {
  const { view, saved, recent } = mailbox
  const { messages, clock } = services
  return { messages, mailbox, view, saved, recent, now: clock.now(), breather: new Breather(whileConnected) }
}
