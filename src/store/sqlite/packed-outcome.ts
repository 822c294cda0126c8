/**
 * Results with an entry for each of many messages, as columns of numbers: 20,000 objects would take the main thread 20 ms
 * to receive, as columns they take 4.
 */
import type { Request } from '../operations/request.ts'
import type { Operations } from '../store.ts'
import type { Flags } from '../types.ts'
import type { Outcome } from './failure.ts'

type FlagsResult = Operations['message.flags']['result']
type CopyResult = Operations['message.copy']['result'] | Operations['message.move']['result']

interface PackedFlags extends Omit<FlagsResult, 'changed'> {
  uids: Uint32Array
  /** For each UID the place of its flags in `states`. */
  places: Uint32Array
  states: Flags[]
}

type PackedCopy = Omit<CopyResult, 'pairs'> & { from: Uint32Array; to: Uint32Array }

export type PackedOutcome = Outcome | { flags: PackedFlags } | { copy: PackedCopy }

export function pack({ operation }: Request, outcome: Outcome): PackedOutcome {
  if ('failure' in outcome) return outcome
  // An operation's value is of that operation's type.
  if (operation === 'message.flags') return { flags: packFlags(outcome.value as FlagsResult) }
  if (operation === 'message.copy' || operation === 'message.move')
    return { copy: packCopy(outcome.value as CopyResult) }
  return outcome
}

export function unpack(packed: PackedOutcome): Outcome {
  if ('flags' in packed) return { value: unpackFlags(packed.flags) }
  if ('copy' in packed) return { value: unpackCopy(packed.copy) }
  return packed
}

function packFlags({ changed, ...rest }: FlagsResult): PackedFlags {
  // Messages with the same flags share the object.
  const states = new Map<Flags, number>()
  const places = Uint32Array.from(changed, ({ flags }) => {
    const place = states.get(flags) ?? states.size
    states.set(flags, place)
    return place
  })
  return { ...rest, uids: Uint32Array.from(changed, ({ uid }) => uid), places, states: [...states.keys()] }
}

function unpackFlags({ uids, places, states, ...rest }: PackedFlags): FlagsResult {
  const { modseq } = rest
  return { ...rest, changed: Array.from(uids, (uid, index) => ({ uid, flags: states[places[index]!]!, modseq })) }
}

function packCopy({ pairs, ...rest }: CopyResult): PackedCopy {
  return { ...rest, from: Uint32Array.from(pairs, ({ from }) => from), to: Uint32Array.from(pairs, ({ to }) => to) }
}

function unpackCopy({ from, to, ...rest }: PackedCopy): CopyResult {
  return { ...rest, pairs: Array.from(from, (uid, index) => ({ from: uid, to: to[index]! })) }
}
