/** EXPUNGE (RFC 9051 §6.4.3) and UID EXPUNGE (RFC 4315 §2.1). */
import type { CommandBody } from './command.ts'
import type { Decoder } from './decoder.ts'
import { sequenceSet } from './sequence-set.ts'

export function parseUidExpunge(decoder: Decoder): CommandBody {
  decoder.space('the UID set')
  return { name: 'EXPUNGE', set: sequenceSet(decoder, 'the UID set') }
}
