/** ESEARCH (RFC 7377 §4): SEARCH in mailboxes that the command names. */
import type { CommandBody, SearchSource } from './command.ts'
import type { Decoder } from './decoder.ts'
import { SEARCHED_NAMES } from './limits.ts'
import { mailbox } from './mailbox-name.ts'
import { searchArguments } from './search.ts'

export function parseEsearch(decoder: Decoder): CommandBody {
  decoder.space('a search key')
  const sources = decoder.takesText('IN ') ? sourceOptions(decoder) : [{ of: 'selected' } as const]
  const searched = searchArguments(decoder)
  return { name: 'ESEARCH', sources, arguments: { ...searched, return: searched.return ?? ['ALL'] } }
}

function sourceOptions(decoder: Decoder): SearchSource[] {
  const left = { names: SEARCHED_NAMES }
  const sources = decoder.filledList('the mailboxes', () => {
    // RFC 7377 §4: there are no scope options yet.
    if (decoder.sees('(')) decoder.refuse('unknown scope option')
    return source(decoder, left)
  })
  decoder.space('a search key')
  return sources
}

function source(decoder: Decoder, left: { names: number }): SearchSource {
  const of = decoder.keyword('which mailboxes').toLowerCase()
  switch (of) {
    case 'selected':
    case 'inboxes':
    case 'personal':
    case 'subscribed':
      return { of }
    case 'subtree':
    case 'subtree-one':
    case 'mailboxes': {
      decoder.space('the mailbox names')
      const name = (): string => {
        if (--left.names < 0) decoder.refuse(`more than ${SEARCHED_NAMES} mailbox names`, 'NO', 'LIMIT')
        return mailbox(decoder)
      }
      const several = decoder.sees('(')
      return { of, names: several ? decoder.filledList('the mailbox names', name, SEARCHED_NAMES + 1) : [name()] }
    }
    default:
      return decoder.refuse('unknown kind of mailboxes')
  }
}
