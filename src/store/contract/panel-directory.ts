/** Operations and queries on what can be told of domains and mailboxes: switches, forwards, members, aliases of domains, the bin. */
import type { AccountListRow, DomainAliasRow, DomainUsage, MemberRow, MembershipRow } from '../types/directory.ts'
import type { PrincipalId } from '../types/principals.ts'
import type { AccountId, DomainRow, Forward } from '../types.ts'
import type { Define } from './define.ts'

type OfAccount = { accountId: AccountId }
type Changes<T, K extends keyof T> = Partial<Pick<T, K>>

export interface PanelDirectoryOperations {
  /** Changes what is given. Limits below what there is already stop what is new, and nothing else. */
  'domain.update': Define<
    { name: string } & Changes<
      DomainRow,
      | 'catchAll'
      | 'defaultPlanId'
      | 'defaultQuotaBytes'
      | 'quotaBytes'
      | 'maxMailboxes'
      | 'mailboxHourlyLimit'
      | 'domainHourlyLimit'
    >,
    void
  >
  /** Every address of `name` is from now on the same address of `domain`. `already-exists`: it is a domain, or an alias of one. */
  'domainAlias.add': Define<{ name: string; domain: string; at: number }, void>
  'domainAlias.remove': Define<{ name: string }, void>

  /** Changes what is given. */
  'account.update': Define<
    OfAccount & {
      sendingEnabled?: boolean
      receivingEnabled?: boolean
      hourlyLimit?: number | null
      forward?: Forward | null
    },
    void
  >
  /** Out of use, with all its mail, and its address kept; whoever is signed in to the panel is signed out. */
  'account.toBin': Define<OfAccount & { at: number }, void>
  /** As it was. `too-many` and `over-quota` as for a new one. */
  'account.fromBin': Define<OfAccount, void>

  /** Adds, or changes. `not-allowed` where the account isn't shared; `not-found` where there is no such mailbox's principal. */
  'member.set': Define<OfAccount & { principalId: PrincipalId; maySend: boolean; at: number }, void>
  'member.remove': Define<OfAccount & { principalId: PrincipalId }, void>
}

export interface PanelDirectoryQueries {
  'domain.byName': Define<{ name: string }, DomainRow | null>
  /** Of one page of the domain's accounts; `after`: the last address of the page before. */
  'domain.usage': Define<{ domain: string; after: string | null; limit: number }, DomainUsage>
  /** By name; of one domain, or of all with null. */
  'domainAlias.list': Define<{ domain: string | null }, DomainAliasRow[]>
  'domainAlias.byName': Define<{ name: string }, DomainAliasRow | null>

  /** Those in use, by address; of one domain, or of all with null. `after`: the last address of the page before. */
  'account.page': Define<{ domain: string | null; after: string | null; limit: number }, AccountListRow[]>
  /** In use or in the bin. */
  'account.details': Define<{ address: string }, AccountListRow | null>
  /** When somebody last signed in to each, where anybody did and it is still known. */
  'account.lastSignIns': Define<{ accountIds: readonly AccountId[] }, { accountId: AccountId; at: number }[]>
  /** Those in the bin, the latest first; of the domains, or of all with null. `before`: the last one of the page before. */
  'bin.list': Define<
    { domains: readonly string[] | null; before: { removedAt: number; accountId: AccountId } | null; limit: number },
    AccountListRow[]
  >
  /** Those moved to the bin before, the oldest first. */
  'bin.due': Define<{ before: number; limit: number }, { accountId: AccountId; address: string; removedAt: number }[]>

  /** Of a shared mailbox, by address. */
  'member.list': Define<OfAccount, MemberRow[]>
  /** null where the principal is no member, or the mailbox is not in use. */
  'member.of': Define<OfAccount & { principalId: PrincipalId }, MembershipRow | null>
  /** The shared mailboxes a principal is a member of, by address. */
  'member.mailboxes': Define<{ principalId: PrincipalId }, MembershipRow[]>
}
