/** COPY, MOVE and their UID forms (RFC 9051 §6.4.7, §6.4.8, RFC 6851). */
import type { CommandBody } from './command.ts'
import type { Decoder } from './decoder.ts'
import { mailbox } from './mailbox-name.ts'
import { sequenceSet } from './sequence-set.ts'

export function parseCopyOrMove(decoder: Decoder, name: 'COPY' | 'MOVE', uid: boolean): CommandBody {
  decoder.space('the message set')
  const set = sequenceSet(decoder, 'the message set')
  decoder.space('the mailbox name')
  return { name, uid, set, mailbox: mailbox(decoder) }
}
