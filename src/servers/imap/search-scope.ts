/** What SEARCH, SORT and THREAD look through: the selected mailbox as the client knows it. */
import { Breather } from '../../mail/breather.ts'
import type { SearchScope } from '../../mail/search.ts'
import type { ImapContext } from './context.ts'
import { ToldProgress } from './progress.ts'

export function searchScope(context: ImapContext, tag: string): SearchScope {
  const { mailbox, services, whileConnected } = context
  const { view, saved, recent } = mailbox
  const { messages, clock } = services
  const progress = new ToldProgress(context, tag)
  const breather = new Breather(whileConnected)
  return { messages, mailbox, view, saved, recent, now: clock.now(), breather, progress }
}
