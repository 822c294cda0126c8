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
  'service:read',
  'service:write',
] as const
export type Scope = (typeof scopes)[number]

export const isScope = (text: string): text is Scope => scopes.some(scope => scope === text)

/** Of routes that the role may call; test/integration/api-tokens.test.ts compares it with them. */
export function scopesOf(role: Role): readonly Scope[] {
  if (role === 'staff') return scopes
  return scopes.filter(scope => scope.startsWith('account:') || (role === 'manager' && !scope.startsWith('service:')))
}
