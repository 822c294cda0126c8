/** What SEARCH, SORT and THREAD look through: the selected mailbox as the client knows it. */
import { Breather } from '../../mail/breather.ts'
import { MailboxView } from '../../mail/mailbox-view.ts'
import type { MailboxRef } from '../../mail/messages.ts'
import type { SearchScope } from '../../mail/search.ts'
import type { ImapContext } from './context.ts'
import { ToldProgress } from './progress.ts'
import type { SelectedMailbox } from './selected.ts'

/** What the searches of one command share. */
export type SearchMeans = Pick<SearchScope, 'messages' | 'now' | 'breather' | 'progress'>

export function searchMeans(context: ImapContext, tag: string): SearchMeans {
  const { messages, clock } = context.services
  const breather = new Breather(context.whileConnected)
  return { messages, now: clock.now(), breather, progress: new ToldProgress(context, tag) }
}

export function searchScope(context: ImapContext, tag: string): SearchScope {
  return scopeOfSelected(searchMeans(context, tag), context.mailbox)
}

export const scopeOfSelected = (means: SearchMeans, mailbox: SelectedMailbox): SearchScope => {
  const { view, saved, recent } = mailbox
  return { ...means, mailbox, view, saved, recent }
}

/** Of a mailbox that is not selected, as it is now. */
export async function scopeOfAnother(means: SearchMeans, mailbox: MailboxRef): Promise<SearchScope> {
  const view = new MailboxView(await means.messages.uids(mailbox))
  return { ...means, mailbox, view, saved: [], recent: [] }
}
