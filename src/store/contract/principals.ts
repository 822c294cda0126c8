/** Operations and queries on whoever signs in. */
import type { Language, PrincipalId, PrincipalRow, Role } from '../types/principals.ts'
import type { Define } from './define.ts'

type OfPrincipal = { principalId: PrincipalId }

export interface PrincipalOperations {
  /** A principal without a mailbox: `account.add` makes those that have one. `already-exists`: someone signs in with that address. */
  'principal.add': Define<
    {
      address: string
      role: Role
      name: string
      passwordHash: string | null
      language: Language | null
      domains: string[]
      at: number
    },
    OfPrincipal
  >
  /** Changes what is given. `last-staff` where nobody of the staff could sign in any more; so for all that takes somebody away. */
  'principal.update': Define<
    OfPrincipal & {
      role?: Role
      name?: string
      language?: Language | null
      timeZone?: string | null
      signInEnabled?: boolean
      secondFactorRequired?: boolean
      recovery?: { address: string; confirmedAt: number } | null
    },
    void
  >
  /**
   * Another password (`at` differs from that of the one before) ends the sessions, but for `exceptSession`, and all links and
   * tokens that were made under the former: who knew that one may have prepared them. The same, hashed anew, ends nothing.
   */
  'principal.setPassword': Define<
    OfPrincipal & { passwordHash: string; at: number; exceptSession?: string | null },
    void
  >
  /** Instead of those before. */
  'principal.setDomains': Define<OfPrincipal & { domains: string[] }, void>
  /** With its sessions, tokens, factors. `not-allowed` for one with a mailbox, which goes with its account. */
  'principal.remove': Define<OfPrincipal, void>
}

export interface PrincipalQueries {
  'principal.byAddress': Define<{ address: string }, PrincipalRow | null>
  'principal.byId': Define<OfPrincipal, PrincipalRow | null>
  /** By address, those of a role or all; `after`: the last address of the page before. */
  'principal.list': Define<{ role: Role | null; after: string | null; limit: number }, PrincipalRow[]>
  /** Domains it manages, by name. */
  'principal.domains': Define<OfPrincipal, string[]>
  /** Who manages the domain, by address. */
  'principal.managers': Define<{ domain: string }, PrincipalRow[]>
}
