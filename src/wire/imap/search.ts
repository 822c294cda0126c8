/** SEARCH and UID SEARCH (RFC 9051 §6.4.4): options, charset, then keys (search-key.ts). */
import type { CommandBody, PartialRange, SearchArguments, SearchReturn } from './command.ts'
import type { Decoder } from './decoder.ts'
import { partialRange } from './partial-range.ts'
import { charset, textDecoder } from './search-charset.ts'
import { searchKeys } from './search-key.ts'

const returns: ReadonlyMap<string, SearchReturn> = new Map(
  (['MIN', 'MAX', 'ALL', 'COUNT', 'SAVE', 'PARTIAL'] as const).map(name => [name, name]),
)

export function parseSearch(decoder: Decoder, uid: boolean): CommandBody {
  decoder.space('a search key')
  return { name: 'SEARCH', uid, arguments: searchArguments(decoder) }
}

export function searchArguments(decoder: Decoder): SearchArguments {
  const returned = returnOptions(decoder, 'a search key')
  const named = decoder.takesText('CHARSET ') ? charset(decoder) : null
  if (named !== null) decoder.space('a search key')
  const key = searchKeys(decoder, textDecoder(decoder, named))
  return { key, charset: named, ...returned }
}

/** `RETURN (…) ` of RFC 4731 §3.1 and RFC 9394 §3.1, where it is next; an empty list asks for ALL. */
export function returnOptions(
  decoder: Decoder,
  next: string,
): { return: SearchReturn[] | null; partial?: PartialRange | undefined } {
  if (!decoder.takesText('RETURN ')) return { return: null }
  let partial: PartialRange | undefined
  const options = decoder.list('the return options', () => {
    const option = returns.get(decoder.keyword('a return option'))
    if (option === undefined) return decoder.refuse('the return options are MIN, MAX, ALL, COUNT, SAVE and PARTIAL')
    if (option !== 'PARTIAL') return option
    if (partial) decoder.refuse('PARTIAL is to be there once')
    decoder.space('the range of PARTIAL')
    partial = partialRange(decoder)
    return option
  })
  if (partial && options.includes('ALL')) decoder.refuse('PARTIAL and ALL exclude each other')
  decoder.space(next)
  return { return: options.length === 0 ? ['ALL'] : [...new Set(options)], partial }
}
