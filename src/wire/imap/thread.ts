/** THREAD and UID THREAD (RFC 5256 §3). */
import type { CommandBody } from './command.ts'
import type { Decoder } from './decoder.ts'
import { charset, textDecoder } from './search-charset.ts'
import { searchKeys } from './search-key.ts'

export function parseThread(decoder: Decoder, uid: boolean): CommandBody {
  decoder.space('the algorithm')
  const algorithm = decoder.keyword('the algorithm')
  if (algorithm !== 'REFERENCES' && algorithm !== 'ORDEREDSUBJECT')
    return decoder.refuse('the algorithms are REFERENCES and ORDEREDSUBJECT')
  decoder.space('the charset')
  const named = charset(decoder)
  decoder.space('a search key')
  return { name: 'THREAD', uid, algorithm, charset: named, key: searchKeys(decoder, textDecoder(decoder, named)) }
}
