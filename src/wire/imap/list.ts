/** LIST (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154) and the LSUB of rev1 (RFC 3501 §6.3.9). */
import type { CommandBody, ListArguments } from './command.ts'
import type { Decoder } from './decoder.ts'
import { PATTERN_BYTES, PATTERN_WILDCARDS } from './limits.ts'
import { listMailbox, reference } from './mailbox-name.ts'
import { statusItems } from './status.ts'

export function parseList(decoder: Decoder): CommandBody {
  decoder.space('the reference name')
  const select = { subscribed: false, remote: false, recursiveMatch: false, specialUse: false }
  let extended = decoder.sees('(')
  if (extended) {
    selectOptions(decoder, select)
    decoder.space('the reference name')
  }
  const from = reference(decoder)
  decoder.space('the mailbox pattern')
  const several = decoder.sees('(')
  const patterns = several
    ? decoder.filledList('the mailbox patterns', () => listMailbox(decoder, 'a mailbox pattern'))
    : [listMailbox(decoder, 'the mailbox pattern')]
  checkPatterns(decoder, from, patterns)
  const returned: ListArguments['return'] = { subscribed: false, children: false, specialUse: false, status: null }
  const returns = decoder.takesSpace()
  if (returns) returnOptions(decoder, returned)
  extended ||= several || returns
  return { name: 'LIST', arguments: { lsub: false, reference: from, patterns, select, return: returned, extended } }
}

export function parseLsub(decoder: Decoder): CommandBody {
  decoder.space('the reference name')
  const from = reference(decoder)
  decoder.space('the mailbox pattern')
  const patterns = [listMailbox(decoder, 'the mailbox pattern')]
  checkPatterns(decoder, from, patterns)
  return {
    name: 'LIST',
    arguments: {
      lsub: true,
      reference: from,
      patterns,
      select: { subscribed: true, remote: false, recursiveMatch: false, specialUse: false },
      return: { subscribed: false, children: false, specialUse: false, status: null },
      extended: false,
    },
  }
}

/** As they are matched: each behind the reference. */
function checkPatterns(decoder: Decoder, from: string, patterns: readonly string[]): void {
  const bytes = patterns.reduce((sum, pattern) => sum + Buffer.byteLength(from) + Buffer.byteLength(pattern), 0)
  if (bytes > PATTERN_BYTES) decoder.refuse(`the mailbox patterns have more than ${PATTERN_BYTES} bytes`, 'NO', 'LIMIT')
  const wildcards = patterns.reduce((sum, pattern) => sum + countWildcards(from) + countWildcards(pattern), 0)
  if (wildcards > PATTERN_WILDCARDS)
    decoder.refuse(`the mailbox patterns have more than ${PATTERN_WILDCARDS} wildcards`, 'NO', 'LIMIT')
}

const countWildcards = (text: string): number => text.match(/[*%]/g)?.length ?? 0

function selectOptions(decoder: Decoder, select: ListArguments['select']): void {
  decoder.list('the selection options', () => {
    const option = decoder.keyword('a selection option')
    if (option === 'SUBSCRIBED') select.subscribed = true
    else if (option === 'REMOTE') select.remote = true
    else if (option === 'RECURSIVEMATCH') select.recursiveMatch = true
    else if (option === 'SPECIAL-USE') select.specialUse = true
    else decoder.refuse('unknown selection option')
  })
  // RFC 9051 §6.3.9.1: RECURSIVEMATCH says how another option selects; alone, or with REMOTE alone, it is BAD.
  if (select.recursiveMatch && !select.subscribed && !select.specialUse)
    decoder.refuse('RECURSIVEMATCH needs SUBSCRIBED or SPECIAL-USE beside it')
}

function returnOptions(decoder: Decoder, returned: ListArguments['return']): void {
  if (!decoder.takesText('RETURN')) decoder.fail('RETURN or the end of the command')
  decoder.space('the return options')
  decoder.list('the return options', () => {
    const option = decoder.keyword('a return option')
    if (option === 'SUBSCRIBED') returned.subscribed = true
    else if (option === 'CHILDREN') returned.children = true
    else if (option === 'SPECIAL-USE') returned.specialUse = true
    else if (option === 'STATUS') {
      decoder.space('the status items')
      returned.status = statusItems(decoder)
    } else decoder.refuse('unknown return option')
  })
}
