/** The mailboxes that NOTIFY and ESEARCH are about (RFC 5465 §6, RFC 7377 §2.2): by what they are, or by their names. */
import type { Decoder } from './decoder.ts'
import { mailbox } from './mailbox-name.ts'

/** What there is behind a word: of some nothing, of others names. In lower case. */
export interface FilterWords<Plain extends string, Named extends string> {
  plain: readonly Plain[]
  named: readonly Named[]
}

/** Shared by the filters of one command. */
export interface FilterNames {
  count: number
  readonly most: number
  /** The code of NO where there are more. */
  readonly code: 'LIMIT' | 'NOTIFICATIONOVERFLOW'
}

export function mailboxFilter<Plain extends string, Named extends string>(
  decoder: Decoder,
  { plain, named }: FilterWords<Plain, Named>,
  names: FilterNames,
): { filter: Plain } | { filter: Named; names: string[] } {
  const word = decoder.keyword('which mailboxes').toLowerCase()
  const alone = plain.find(each => each === word)
  if (alone !== undefined) return { filter: alone }
  const filter = named.find(each => each === word) ?? decoder.refuse('unknown kind of mailboxes')
  decoder.space('the mailbox names')
  const name = (): string => {
    if (++names.count > names.most) decoder.refuse(`more than ${names.most} mailbox names`, 'NO', names.code)
    return mailbox(decoder)
  }
  return { filter, names: decoder.sees('(') ? decoder.filledList('the mailbox names', name, names.most + 1) : [name()] }
}
