/** SELECT, EXAMINE (RFC 9051 §6.3.2), with CONDSTORE and QRESYNC (RFC 7162 §3.1.8, §3.2.5). */
import type { CommandBody, QresyncParameter } from './command.ts'
import type { Decoder } from './decoder.ts'
import { mailbox } from './mailbox-name.ts'
import { knownSet } from './sequence-set.ts'

export function parseSelect(decoder: Decoder, name: 'SELECT' | 'EXAMINE'): CommandBody {
  decoder.space('the mailbox name')
  const selected = mailbox(decoder)
  let condstore = false
  let qresync: QresyncParameter | null = null
  if (decoder.takesSpace())
    decoder.filledList('the parameters', () => {
      const parameter = decoder.word('CONDSTORE or QRESYNC')
      if (parameter === 'CONDSTORE') condstore = true
      else if (parameter === 'QRESYNC' && qresync === null) qresync = parseQresync(decoder)
      else decoder.refuse('expected CONDSTORE or QRESYNC, once each, as parameters')
    })
  return { name, arguments: { mailbox: selected, condstore, qresync } }
}

function parseQresync(decoder: Decoder): QresyncParameter {
  decoder.space('the QRESYNC values')
  decoder.expect('(', 'an opening parenthesis before the QRESYNC values')
  const uidValidity = decoder.nzNumber('the UIDVALIDITY')
  decoder.space('the mod-sequence')
  // 0 as in CHANGEDSINCE: not in the grammar (RFC 7162 §7), and plain enough.
  const modseq = decoder.number64('the mod-sequence')
  let knownUids: QresyncParameter['knownUids'] = null
  let sequenceMatch: QresyncParameter['sequenceMatch'] = null
  let more = decoder.takes(' ')
  if (more && !decoder.sees('(')) {
    knownUids = knownSet(decoder, 'the known UIDs')
    more = decoder.takes(' ')
  }
  if (more) sequenceMatch = parseSequenceMatch(decoder)
  decoder.expect(')', 'a closing parenthesis behind the QRESYNC values')
  return { uidValidity, modseq, knownUids, sequenceMatch }
}

function parseSequenceMatch(decoder: Decoder): QresyncParameter['sequenceMatch'] {
  decoder.expect('(', 'an opening parenthesis before the known sequence numbers')
  const sequences = knownSet(decoder, 'the known sequence numbers')
  decoder.space('their UIDs')
  const uids = knownSet(decoder, 'the UIDs of the known sequence numbers')
  decoder.expect(')', 'a closing parenthesis behind the UIDs of the known sequence numbers')
  return { sequences, uids }
}
