/** Tokens of programs: `fct_` and 256 random bits, with scopes, and an end where one is set. Shown once, kept as a hash. */
import type { Clock } from '../ops/clock.ts'
import { type Store, StoreError, writeAll } from '../store/store.ts'
import type { PrincipalId, PrincipalRow } from '../store/types/principals.ts'
import type { ApiTokenRow } from '../store/types/service.ts'
import { AccountError } from './account-error.ts'
import { type Actor, audited, mayAdminister } from './actor.ts'
import { TOKENS_OF_USER } from './limits.ts'
import { mailboxDomain } from './links/credential-links.ts'
import { type Scope, scopesOf } from './scopes.ts'
import { hashToken, newId, newToken } from './secrets.ts'
import { SEEN_EVERY_MS } from './session-limits.ts'

export const TOKEN_PREFIX = 'fct_'

export interface TokenHolder {
  token: ApiTokenRow
  principal: PrincipalRow
  /** Those the principal manages. */
  domains: string[]
}

export interface NewToken {
  label: string
  scopes: readonly Scope[]
  /** null: until it is revoked. */
  expiresAt: number | null
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

  /** Oldest first. Of the actor himself, or of somebody he administers. */
  async list(actor: Actor, principalId: PrincipalId): Promise<ApiTokenRow[]> {
    await this.#administered(actor, principalId)
    return this.#store.read('apiToken.list', { principalId })
  }

  /** The secret is told here and nowhere again. Throws `scope-not-yours`, `invalid-expiry`, `too-many-tokens`. */
  async create(
    actor: Actor,
    principalId: PrincipalId,
    { label, scopes, expiresAt }: NewToken,
  ): Promise<{ token: ApiTokenRow; secret: string }> {
    const principal = await this.#administered(actor, principalId)
    const known = scopesOf(principal.role)
    const beyond = scopes.find(scope => !known.includes(scope))
    if (beyond !== undefined)
      throw new AccountError('scope-not-yours', `${principal.address} can't be given ${beyond}`, {
        field: 'scopes',
        scope: beyond,
      })
    const at = this.#clock.now()
    if (expiresAt !== null && expiresAt <= at)
      throw new AccountError('invalid-expiry', 'The end is in the past', { field: 'expiresAt' })
    const before = await this.#store.read('apiToken.list', { principalId })
    if (before.length >= TOKENS_OF_USER)
      throw new AccountError('too-many-tokens', `There are ${TOKENS_OF_USER} tokens`, { max: TOKENS_OF_USER })
    const secret = `${TOKEN_PREFIX}${newToken()}`
    const token: ApiTokenRow = {
      tokenId: newId(),
      principalId,
      label,
      scopes: [...new Set(scopes)],
      expiresAt,
      createdAt: at,
      lastUsedAt: null,
      lastUsedAddress: null,
    }
    await writeAll(this.#store, [
      { operation: 'apiToken.add', args: { ...token, secretHash: hashToken(secret) } },
      audited(actor, at, {
        action: 'token.create',
        target: principal.address,
        domain: mailboxDomain(principal),
        after: { tokenId: token.tokenId, label, scopes: token.scopes, expiresAt },
      }),
    ])
    return { token, secret }
  }

  /** Throws `token-not-found`. */
  async revoke(actor: Actor, principalId: PrincipalId, tokenId: string): Promise<void> {
    const principal = await this.#administered(actor, principalId)
    const token = (await this.#store.read('apiToken.list', { principalId })).find(one => one.tokenId === tokenId)
    const { label, scopes } = token ?? { label: '', scopes: [] }
    try {
      await writeAll(this.#store, [
        { operation: 'apiToken.remove', args: { principalId, tokenId } },
        audited(actor, this.#clock.now(), {
          action: 'token.revoke',
          target: principal.address,
          domain: mailboxDomain(principal),
          before: { tokenId, label, scopes },
        }),
      ])
    } catch (error) {
      if (error instanceof StoreError && error.code === 'not-found')
        throw new AccountError('token-not-found', 'There is no such token')
      throw error
    }
  }

  async #administered(actor: Actor, principalId: PrincipalId): Promise<PrincipalRow> {
    const principal = await this.#store.read('principal.byId', { principalId })
    // Managers reset passwords, but don't act as somebody else: tokens of others are for staff.
    const isOwn = actor.principalId === principalId
    if (!principal || !(isOwn || (actor.role !== 'manager' && mayAdminister(actor, principal))))
      throw new AccountError('user-not-found', 'There is no such user')
    return principal
  }
}
