/** What a token can be given, and what of it is of use to whom: a token never has more than its principal. */
import type { Role } from '../store/types/principals.ts'

export const scopes = [
  'account:read',
  'account:write',
  'directory:read',
  'directory:write',
  'links:write',
  'billing:read',
  'billing:write',
  'audit:read',
  'service:read',
  'service:write',
] as const
export type Scope = (typeof scopes)[number]

export const isScope = (text: string): text is Scope => scopes.some(scope => scope === text)

const ofEveryone: ReadonlySet<Scope> = new Set(['account:read', 'account:write', 'audit:read'])

/** Of routes that the role may call; test/integration/api-tokens.test.ts compares it with them. */
export function scopesOf(role: Role): readonly Scope[] {
  if (role === 'staff') return scopes
  return scopes.filter(scope => ofEveryone.has(scope) || (role === 'manager' && !scope.startsWith('service:')))
}
