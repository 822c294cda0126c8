/** ESEARCH (RFC 7377 §4): SEARCH in mailboxes that the command names. */
import type { CommandBody, SearchSource } from './command.ts'
import type { Decoder } from './decoder.ts'
import { SEARCHED_NAMES } from './limits.ts'
import { type FilterNames, mailboxFilter } from './mailbox-filter.ts'
import { searchArguments } from './search.ts'

const filters = {
  plain: ['selected', 'inboxes', 'personal', 'subscribed'],
  named: ['subtree', 'subtree-one', 'mailboxes'],
} as const

export function parseEsearch(decoder: Decoder): CommandBody {
  decoder.space('a search key')
  const sources = decoder.takesText('IN ') ? sourceOptions(decoder) : [{ filter: 'selected' } as const]
  const searched = searchArguments(decoder)
  return { name: 'ESEARCH', sources, arguments: { ...searched, return: searched.return ?? ['ALL'] } }
}

function sourceOptions(decoder: Decoder): SearchSource[] {
  const names: FilterNames = { count: 0, most: SEARCHED_NAMES, code: 'LIMIT' }
  const sources = decoder.filledList('the mailboxes', () => {
    // RFC 7377 §4: there are no scope options yet.
    if (decoder.sees('(')) decoder.refuse('unknown scope option')
    return mailboxFilter(decoder, filters, names)
  })
  decoder.space('a search key')
  return sources
}
