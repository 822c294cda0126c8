/** Flags on the wire (RFC 9051 §2.3.2, §9 `flag`). */
import type { StoreFlags } from './command.ts'
import type { Decoder } from './decoder.ts'
import { FLAGS, KEYWORD_BYTES } from './limits.ts'

/** Bits of system flags; the same numbers as the store's. */
export const SystemFlag = { Seen: 1, Answered: 2, Flagged: 4, Deleted: 8, Draft: 16 } as const

const bits: ReadonlyMap<string, number> = new Map(
  Object.entries(SystemFlag).map(([name, bit]) => [name.toUpperCase(), bit]),
)

/** `( flag *(SP flag) )`, or `()`. */
export function flagList(decoder: Decoder): StoreFlags {
  return collect(decoder.list('the flags', () => flag(decoder), FLAGS))
}

/** STORE also takes flags without parentheses (RFC 9051 §9, `store-att-flags`). */
export function flagListOrFlags(decoder: Decoder): StoreFlags {
  if (decoder.sees('(')) return flagList(decoder)
  const flags = [flag(decoder)]
  while (decoder.takesSpace()) {
    if (flags.length === FLAGS) decoder.refuse(`more than ${FLAGS} flags`, 'NO', 'LIMIT')
    flags.push(flag(decoder))
  }
  return collect(flags)
}

export function keyword(decoder: Decoder): string {
  const name = decoder.atom('a keyword')
  if (name.length > KEYWORD_BYTES) decoder.refuse(`a keyword of more than ${KEYWORD_BYTES} octets`, 'NO', 'LIMIT')
  return name
}

/** A bit, a keyword, or null for \Recent. */
function flag(decoder: Decoder): number | string | null {
  if (!decoder.takes('\\')) return keyword(decoder)
  const name = decoder.keyword('the name of a system flag behind the backslash')
  // RFC 3501 §2.3.2: no client can alter \Recent, and RFC 9051 has none; clients that copy all flags still name it.
  if (name === 'RECENT') return null
  return bits.get(name) ?? decoder.refuse('only \\Seen, \\Answered, \\Flagged, \\Deleted and \\Draft are system flags')
}

function collect(flags: readonly (number | string | null)[]): StoreFlags {
  let system = 0
  const keywords = new Map<string, string>()
  for (const flag of flags) {
    if (typeof flag === 'number') system |= flag
    // Keywords are the same in any case (RFC 9051 §2.3.2).
    else if (flag !== null && !keywords.has(flag.toLowerCase())) keywords.set(flag.toLowerCase(), flag)
  }
  return { system, keywords: [...keywords.values()] }
}

/** RFC 3501 §2.3.2: of a session, and kept nowhere. */
const RECENT = 32
const names = ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft', '\\Recent']
/** One text for each of the 64 combinations: a synchronising client asks for one a message. */
const systemTexts: readonly string[] = Array.from({ length: 64 }, (_, mask) =>
  names.filter((_, index) => mask & (1 << index)).join(' '),
)

/** `(\Seen $Junk)`. */
export function formatFlags(system: number, keywords: readonly string[], isRecent: boolean): string {
  const text = systemTexts[(system & 31) | (isRecent ? RECENT : 0)] ?? ''
  if (keywords.length === 0) return `(${text})`
  return text === '' ? `(${keywords.join(' ')})` : `(${text} ${keywords.join(' ')})`
}
