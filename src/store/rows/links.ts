/** Rows of links and tokens: the columns asked for and what is made of them. */
import { Fragment } from '../sql.ts'
import type { CredentialLinkRow, OneTimeTokenRow, TokenPurpose } from '../types/links.ts'

/** Of `credential_link AS l` and its `principal AS p`. */
export const linkColumns = new Fragment(
  `l.link_id, l.principal_id, p.address, l.domain, l.code_hash, l.code_attempts, l.sent_to, l.sent_at, l.created_by,
   l.created_at, l.expires_at, l.opened_at, l.opened_address, l.opened_count, l.revealed_at, l.revealed_address,
   l.revoked_at`,
)
export type LinkTuple = [
  string,
  number,
  string,
  string | null,
  string | null,
  number,
  string | null,
  number | null,
  string,
  number,
  number,
  number | null,
  string | null,
  number,
  number | null,
  string | null,
  number | null,
]

export function linkRow(tuple: LinkTuple): CredentialLinkRow {
  const [linkId, principalId, address, domain, codeHash, codeAttempts, sentTo, sentAt, createdBy] = tuple
  const [, , , , , , , , , createdAt, expiresAt, openedAt, openedAddress, openedCount, ...ends] = tuple
  const [revealedAt, revealedAddress, revokedAt] = ends
  return {
    linkId,
    principalId,
    address,
    domain,
    codeHash,
    codeAttempts,
    sentTo,
    sentAt,
    createdBy,
    createdAt,
    expiresAt,
    openedAt,
    openedAddress,
    openedCount,
    revealedAt,
    revealedAddress,
    revokedAt,
  }
}

export const tokenColumns = new Fragment('token_hash, purpose, principal_id, data, created_at, expires_at')
export type TokenTuple = [string, TokenPurpose, number, string, number, number]

export function tokenRow([tokenHash, purpose, principalId, data, createdAt, expiresAt]: TokenTuple): OneTimeTokenRow {
  return { tokenHash, purpose, principalId, data: JSON.parse(data), createdAt, expiresAt }
}
