/** Whose request it is, for routes about the caller's own things. */
import type { Actor } from '../accounts/actor.ts'
import type { PrincipalId } from '../store/types/principals.ts'
import { ApiProblem } from './problem.ts'

export function ownId({ principalId }: Pick<Actor, 'principalId'>): PrincipalId {
  if (principalId === null) throw new ApiProblem('not-signed-in')
  return principalId
}

/** Of a caller who holds no token of a program. */
export function ownSession({ principalId, sessionId }: Actor): { principalId: PrincipalId; sessionId: string } {
  if (principalId === null || sessionId === null) throw new ApiProblem('not-signed-in')
  return { principalId, sessionId }
}
