/** Tokens of programs: `fct_` and 256 random bits, with scopes, and an end where one is set. */
import type { Clock } from '../ops/clock.ts'
import type { Store } from '../store/store.ts'
import type { PrincipalRow } from '../store/types/principals.ts'
import type { ApiTokenRow } from '../store/types/service.ts'
import { hashToken } from './secrets.ts'
import { SEEN_EVERY_MS } from './session-limits.ts'

export const TOKEN_PREFIX = 'fct_'

export interface TokenHolder {
  token: ApiTokenRow
  principal: PrincipalRow
  /** Those the principal manages. */
  domains: string[]
}

export class ApiTokens {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** null where the token is nobody's, has expired, or its principal may no longer sign in. */
  async find(secret: string, remoteAddress: string): Promise<TokenHolder | null> {
    if (!secret.startsWith(TOKEN_PREFIX)) return null
    const token = await this.#store.read('apiToken.bySecret', { secretHash: hashToken(secret) })
    const now = this.#clock.now()
    if (!token || (token.expiresAt !== null && token.expiresAt <= now)) return null
    const { principalId, tokenId } = token
    const principal = await this.#store.read('principal.byId', { principalId })
    if (!principal?.signInEnabled) return null
    const domains = principal.role === 'manager' ? await this.#store.read('principal.domains', { principalId }) : []
    if (now - (token.lastUsedAt ?? 0) >= SEEN_EVERY_MS)
      await this.#store.write('apiToken.used', { tokenId, at: now, remoteAddress })
    return { token, principal, domains }
  }
}
