/** Operations and queries on what belongs to the service: the audit log, tokens of programs, answers to be repeated, brands. */
import type { BrandOwner, BrandRow, Logo } from '../types/brand.ts'
import type { PrincipalId } from '../types/principals.ts'
import type { ApiTokenRow, AuditRow, IdempotentAnswer, NewAuditEntry } from '../types/service.ts'
import type { Define } from './define.ts'

export interface ServiceOperations {
  'audit.add': Define<NewAuditEntry, void>
  /** Of the `limit` that were written first, those from before `before`. True where there may be more. */
  'audit.sweep': Define<{ before: number; limit: number }, boolean>

  'apiToken.add': Define<ApiTokenRow & { secretHash: string }, void>
  /** `not-found` where the principal has no such token. */
  'apiToken.remove': Define<{ principalId: PrincipalId; tokenId: string }, void>
  'apiToken.removeAll': Define<{ principalId: PrincipalId }, void>
  /** Those that expired before `before`. */
  'apiToken.sweep': Define<{ before: number }, void>
  'apiToken.used': Define<{ tokenId: string; at: number; remoteAddress: string }, void>

  /** Takes the key for this request, unless it is taken: then answers what it was taken for. */
  'idempotency.begin': Define<
    { principalId: PrincipalId; key: string; requestHash: string; at: number },
    IdempotentAnswer | null
  >
  'idempotency.finish': Define<{ principalId: PrincipalId; key: string; status: number; body: string }, void>
  /** Gives the key back: the request failed before it did anything. */
  'idempotency.forget': Define<{ principalId: PrincipalId; key: string }, void>
  'idempotency.sweep': Define<{ before: number }, void>

  /** Changes what is given; makes the row where there is none. `already-exists`: one of the hosts is another brand's. */
  'brand.set': Define<
    {
      principalId: BrandOwner
      name?: string | null
      primaryColour?: string | null
      supportAddress?: string | null
      /** null: none any more. */
      logo?: Logo | null
      /** Instead of those before. */
      hosts?: string[]
      at: number
    },
    void
  >
}

export interface ServiceQueries {
  /**
   * Latest first, below `before`. `domains`: those of them alone; null for all. `own`: what was done by that principal or to
   * that address alone. Neither tells of what was before the domain, or the principal, of now was added: somebody else may
   * have had the name. `action`: it, or, with a dot at the end, all that begin with it. `search`: in target or actor, in
   * lower case. `since`, `until`: times, the latter not included.
   */
  'audit.list': Define<
    {
      domains: string[] | null
      target: string | null
      actorId: PrincipalId | null
      own?: { principalId: PrincipalId; address: string } | null
      action?: string | null
      search?: string
      since?: number
      until?: number
      before: number | null
      limit: number
    },
    AuditRow[]
  >
  'apiToken.bySecret': Define<{ secretHash: string }, ApiTokenRow | null>
  'apiToken.list': Define<{ principalId: PrincipalId }, ApiTokenRow[]>

  /** Of what is kept encrypted, the oldest of each kind. */
  'secret.oldest': Define<
    Record<never, never>,
    {
      totp: { principalId: PrincipalId; secretEncrypted: Uint8Array } | null
      webhook: { webhookId: string; secretEncrypted: Uint8Array } | null
    }
  >

  /** Of the managers, by address; that of the service aside. */
  'brand.list': Define<Record<string, never>, (BrandRow & { address: string })[]>
  'brand.byPrincipal': Define<{ principalId: BrandOwner }, BrandRow | null>
  'brand.byHost': Define<{ host: string }, BrandRow | null>
  /** Of the manager of the domain; of several the first by address that has one. */
  'brand.byDomain': Define<{ domain: string }, BrandRow | null>
  'brand.logo': Define<{ hash: string }, Logo | null>
}
