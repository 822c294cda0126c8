/** Operations and queries on what is handed out as a link. */
import type {
  CredentialLinkRow,
  CredentialLinkState,
  NewCredentialLink,
  OneTimeTokenRow,
  TokenPurpose,
} from '../types/links.ts'
import type { PrincipalId } from '../types/principals.ts'
import type { Define } from './define.ts'

export interface LinkOperations {
  /** Revokes those of the principal that wait. `not-found`: nobody signs in with the address. */
  'credentialLink.add': Define<NewCredentialLink, void>
  'credentialLink.sent': Define<{ linkId: string; sentTo: string; at: number }, void>
  /** The page was opened. Nothing where the link no longer waits. */
  'credentialLink.opened': Define<{ linkId: string; at: number; remoteAddress: string }, void>
  /** Counts a try of the code before it is looked at, so that many at once gain nothing. `not-allowed` after `max` of them. */
  'credentialLink.attempt': Define<{ linkId: string; max: number }, { attempts: number }>
  /** Gives the secret out and forgets it. `not-found` where the link no longer waits. */
  'credentialLink.reveal': Define<
    { linkId: string; at: number; remoteAddress: string },
    { secretEncrypted: Uint8Array }
  >
  /** `not-found` where the link no longer waits. */
  'credentialLink.revoke': Define<{ linkId: string; at: number }, void>
  /** Forgets secrets of those that expired, and at most `limit` links made before `before`; true where there may be more. */
  'credentialLink.sweep': Define<{ at: number; before: number; limit: number }, boolean>

  /** `only`: instead of those the principal has for the same purpose. */
  'oneTimeToken.add': Define<OneTimeTokenRow & { only: boolean }, void>
  /** Spends it. `not-found` where there is none, it was spent, or it has expired. */
  'oneTimeToken.take': Define<{ tokenHash: string; purpose: TokenPurpose; at: number }, OneTimeTokenRow>
  'oneTimeToken.removeAll': Define<{ principalId: PrincipalId; purpose: TokenPurpose }, void>
  /** Ends all that wait of the principal, as another password does: links for credentials and tokens of every purpose. */
  'principal.forgetLinks': Define<{ principalId: PrincipalId; at: number }, void>
  'oneTimeToken.sweep': Define<{ at: number; limit: number }, boolean>
}

export interface LinkQueries {
  'credentialLink.byToken': Define<{ tokenHash: string }, CredentialLinkRow | null>
  'credentialLink.byId': Define<{ linkId: string }, CredentialLinkRow | null>
  /**
   * Latest first, below `before`. `domains`: links of owners in them alone; null for all. `search`: in the address, in lower
   * case.
   */
  'credentialLink.list': Define<
    {
      domains: string[] | null
      principalId: PrincipalId | null
      state: CredentialLinkState | null
      search: string
      at: number
      before: { createdAt: number; linkId: string } | null
      limit: number
    },
    CredentialLinkRow[]
  >
  /** null where there is none that can still be spent. */
  'oneTimeToken.find': Define<{ tokenHash: string; purpose: TokenPurpose; at: number }, OneTimeTokenRow | null>
  /** The latest of the principal that can still be spent. */
  'oneTimeToken.latest': Define<{ principalId: PrincipalId; purpose: TokenPurpose; at: number }, OneTimeTokenRow | null>
}
