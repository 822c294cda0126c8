/** STORE and UID STORE (RFC 9051 §6.4.6) with UNCHANGEDSINCE (RFC 7162 §3.1.3). */
import type { CommandBody } from './command.ts'
import type { Decoder } from './decoder.ts'
import { flagListOrFlags } from './flags.ts'
import { sequenceSet } from './sequence-set.ts'

const itemPattern = /([+-]?)FLAGS(\.SILENT)?(?= )/iy

export function parseStore(decoder: Decoder, uid: boolean): CommandBody {
  decoder.space('the message set')
  const set = sequenceSet(decoder, 'the message set')
  decoder.space('FLAGS')
  let unchangedSince: number | null = null
  if (decoder.sees('(')) {
    decoder.filledList('the modifiers', () => {
      if (decoder.word('UNCHANGEDSINCE') !== 'UNCHANGEDSINCE' || unchangedSince !== null)
        decoder.refuse('expected UNCHANGEDSINCE, once, as modifier')
      decoder.space('the mod-sequence')
      unchangedSince = decoder.number64('the mod-sequence')
    })
    decoder.space('FLAGS')
  }
  const item =
    decoder.matches(itemPattern)?.toUpperCase() ?? decoder.fail('FLAGS, +FLAGS or -FLAGS, with .SILENT or without')
  decoder.space('the flags')
  const mode = item.startsWith('+') ? 'add' : item.startsWith('-') ? 'remove' : 'replace'
  const flags = flagListOrFlags(decoder)
  return { name: 'STORE', uid, set, mode, silent: item.endsWith('.SILENT'), flags, unchangedSince }
}
