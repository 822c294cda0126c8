/** What `require` may name, in one place: also what ManageSieve tells (RFC 5804 §1.7), in this order. */
export const capabilities = [
  'fileinto',
  'reject',
  'ereject',
  'envelope',
  'encoded-character',
  'copy',
  'imap4flags',
  'mailbox',
  'special-use',
  'subaddress',
  'relational',
  'comparator-i;ascii-numeric',
  'comparator-i;unicode-casemap',
  'vacation',
  'vacation-seconds',
  'variables',
  'body',
  'date',
  'index',
  'duplicate',
  'regex',
  'include',
  'enotify',
  'ihave',
  'environment',
  'editheader',
  'spamtest',
  'spamtestplus',
  'virustest',
] as const

export type Capability = (typeof capabilities)[number]

/** Part of the language, so `require` may name them and nothing changes (RFC 5228 §2.7.3). */
const builtIn = ['comparator-i;octet', 'comparator-i;ascii-casemap']

const known: ReadonlySet<string> = new Set(capabilities)

/** Those that bring others along: RFC 6131 §2, RFC 5235 §3.1. */
const implied: Partial<Record<Capability, Capability[]>> = {
  'vacation-seconds': ['vacation'],
  spamtestplus: ['spamtest'],
}

/** The capabilities that a name in `require` or `ihave` brings; null where there is none of that name. */
export function capabilitiesOf(name: string): readonly Capability[] | null {
  if (builtIn.includes(name)) return []
  return isCapability(name) ? [name, ...(implied[name] ?? [])] : null
}

function isCapability(name: string): name is Capability {
  return known.has(name)
}

/** Of RFC 5435: the notification methods. */
export const notificationMethods = ['mailto'] as const
