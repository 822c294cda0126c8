/** Who calls: by the cookie of a session, or by the token of a program. */
import { createHash } from 'node:crypto'
import type { Actor } from '../accounts/actor.ts'
import type { ApiTokens } from '../accounts/api-tokens.ts'
import type { Sessions } from '../accounts/sessions.ts'
import type { PrincipalRow } from '../store/types/principals.ts'

/** RFC 6265bis §4.1.3.2: sent over TLS to this host alone, and no other host can set it. */
export const SESSION_COOKIE = '__Host-facteur'

export interface Caller {
  actor: Actor
  /** Of a token; null for a session, which may do all that its principal may. */
  scopes: readonly string[] | null
  /** What unsafe requests of a session have to show; null for a token. */
  csrfToken: string | null
  /** Whether the password was shown lately. */
  isConfirmed: boolean
  /** It may add a second factor, and nothing else until it has. */
  mustSetUpSecondFactor: boolean
}

export interface Credentials {
  cookie: string | undefined
  authorization: string | undefined
  remoteAddress: string
}

/** null where nothing was shown, or what was shown opens nothing. A token goes before a cookie. */
export async function authenticate(
  { sessions, tokens }: { sessions: Sessions; tokens: ApiTokens },
  { cookie, authorization, remoteAddress }: Credentials,
): Promise<Caller | null> {
  const bearer = /^Bearer +([\w-]{20,200})$/i.exec(authorization ?? '')?.[1]
  if (authorization !== undefined) {
    const holder = bearer === undefined ? null : await tokens.find(bearer, remoteAddress)
    if (!holder) return null
    const actor = actorOf(holder.principal, holder.domains, { via: 'token', remoteAddress, sessionId: null })
    return { actor, scopes: holder.token.scopes, csrfToken: null, isConfirmed: true, mustSetUpSecondFactor: false }
  }
  if (cookie === undefined) return null
  const found = await sessions.find(cookie)
  if (!found) return null
  const { session, principal, domains, mustSetUpSecondFactor } = found
  return {
    actor: actorOf(principal, domains, { via: 'panel', remoteAddress, sessionId: session.sessionId }),
    scopes: null,
    csrfToken: csrfTokenOf(cookie),
    isConfirmed: sessions.isConfirmed(session),
    mustSetUpSecondFactor,
  }
}

/** Made of the session's token, which no page can read; so nobody else can make it. */
export const csrfTokenOf = (sessionToken: string): string =>
  createHash('sha256').update(`csrf:${sessionToken}`).digest('base64url')

function actorOf(
  { principalId, address, role, hasMailbox }: PrincipalRow,
  domains: readonly string[],
  facts: Pick<Actor, 'via' | 'remoteAddress' | 'sessionId'>,
): Actor {
  return { principalId, address, role, domains, hasMailbox, ...facts }
}
