/** What somebody remembers of a message, as a search: an address or a piece of one, a time or about that time. Pure. */
import { keptForm } from '../../accounts/addresses.ts'
import type { TraceAddressPattern } from '../../store/types/trace.ts'
import { AROUND_MS } from './limits.ts'

/**
 * `anna@example.org`: that address. `@example.org` and `example.org`: that domain. `anna@`, `anna`: who has that in the part
 * before the @. Null where nothing is said.
 */
export function addressPattern(text: string | null): TraceAddressPattern | null {
  const trimmed = keptForm(text?.trim().replace(/^<|>$/g, '') ?? '')
  if (trimmed === '') return null
  const at = trimmed.lastIndexOf('@')
  if (at < 0)
    return trimmed.includes('.')
      ? { localPart: null, domain: trimmed, exact: true }
      : { localPart: trimmed, domain: null, exact: false }
  const [localPart, domain] = [trimmed.slice(0, at) || null, trimmed.slice(at + 1) || null]
  return { localPart, domain, exact: domain !== null }
}

/** The same, where the part before the @ may be remembered wrongly in its beginning or end; null where that changes nothing. */
export function looser(pattern: TraceAddressPattern | null): TraceAddressPattern | null {
  return pattern?.exact && pattern.localPart !== null ? { ...pattern, exact: false } : null
}

export interface Window {
  from: number | null
  before: number | null
}

export function windowOf({
  around,
  since,
  until,
}: {
  around: number | null
  since: number | null
  until: number | null
}): Window {
  if (around !== null) return { from: around - AROUND_MS, before: around + AROUND_MS }
  return { from: since, before: until }
}
