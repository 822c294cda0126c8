/** SORT and UID SORT (RFC 5256 §3), with DISPLAYFROM and DISPLAYTO (RFC 5957) and return options (RFC 5267 §3). */
import type { CommandBody, SortArguments, SortCriterion } from './command.ts'
import type { Decoder } from './decoder.ts'
import { returnOptions } from './search.ts'
import { charset, textDecoder } from './search-charset.ts'
import { searchKeys } from './search-key.ts'

const criteria: ReadonlyMap<string, SortCriterion> = new Map(
  (['ARRIVAL', 'CC', 'DATE', 'DISPLAYFROM', 'DISPLAYTO', 'FROM', 'SIZE', 'SUBJECT', 'TO'] as const).map(name => [
    name,
    name,
  ]),
)

export function parseSort(decoder: Decoder, uid: boolean): CommandBody {
  decoder.space('the sort criteria')
  const returned = returnOptions(decoder, 'the sort criteria')
  const by = decoder.filledList('the sort criteria', () => criterion(decoder))
  decoder.space('the charset')
  const named = charset(decoder)
  decoder.space('a search key')
  const key = searchKeys(decoder, textDecoder(decoder, named))
  return { name: 'SORT', uid, arguments: { criteria: by, charset: named, key, ...returned } }
}

function criterion(decoder: Decoder): SortArguments['criteria'][number] {
  const reverse = decoder.takesText('REVERSE ')
  const by = criteria.get(decoder.word('a sort criterion'))
  return by === undefined ? decoder.refuse('unknown sort criterion') : { by, reverse }
}
