/** Shapes of this area, taken from the API itself. */
import type {
  AliasAnswer,
  DomainAnswer,
  ForwardAnswer,
  MailboxAnswer,
  RemovedMailboxAnswer,
} from '../../../../src/api/directory-schemas.ts'
import type { ListPreview } from '../../../../src/api/mailbox-lists.ts'
import type { CreatedMailboxAnswer, MailboxDetails } from '../../../../src/api/mailboxes.ts'
import type { MemberAnswer } from '../../../../src/api/members.ts'
import type { OwnAddresses } from '../../../../src/api/own-addresses.ts'

export type Mailbox = MailboxAnswer
/** With its link, where that was asked for and nobody signs in with the address yet. */
export type CreatedMailbox = CreatedMailboxAnswer
export type Domain = DomainAnswer
export type Alias = AliasAnswer
export type Forward = ForwardAnswer
export type Member = MemberAnswer
export type RemovedMailbox = RemovedMailboxAnswer
export type { ListPreview, MailboxDetails, OwnAddresses }

/** A single-use link, told once. */
export interface IssuedLink {
  linkId: string
  address: string
  url: string
  code: string | null
  expiresAt: number
  sentTo: string | null
}

export const mailboxPath = (address: string): string => `/mailboxes/${encodeURIComponent(address)}`
export const domainPath = (name: string): string => `/domains/${encodeURIComponent(name)}`
export const aliasPath = (address: string): string => `/aliases/${encodeURIComponent(address)}`
export const binPath = (address: string): string => `/bin/${encodeURIComponent(address)}`
