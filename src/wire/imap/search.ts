/** SEARCH and UID SEARCH (RFC 9051 §6.4.4): options, charset, then keys (search-key.ts). */
import type { CommandBody, SearchReturn } from './command.ts'
import type { Decoder } from './decoder.ts'
import { charset, textDecoder } from './search-charset.ts'
import { searchKeys } from './search-key.ts'

const returns: ReadonlyMap<string, SearchReturn> = new Map(
  (['MIN', 'MAX', 'ALL', 'COUNT', 'SAVE'] as const).map(name => [name, name]),
)

export function parseSearch(decoder: Decoder, uid: boolean): CommandBody {
  decoder.space('a search key')
  const returned = returnOptions(decoder, 'a search key')
  const named = decoder.takesText('CHARSET ') ? charset(decoder) : null
  if (named !== null) decoder.space('a search key')
  const key = searchKeys(decoder, textDecoder(decoder, named))
  return { name: 'SEARCH', uid, arguments: { key, charset: named, return: returned } }
}

/** `RETURN (…) ` of RFC 4731 §3.1, where it is next; an empty list asks for ALL. */
export function returnOptions(decoder: Decoder, next: string): SearchReturn[] | null {
  if (!decoder.takesText('RETURN ')) return null
  const options = decoder.list('the return options', () => {
    const option = decoder.keyword('a return option')
    return returns.get(option) ?? decoder.refuse('the return options are MIN, MAX, ALL, COUNT and SAVE')
  })
  decoder.space(next)
  return options.length === 0 ? ['ALL'] : [...new Set(options)]
}
