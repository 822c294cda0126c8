/** What the command line can ask of domains, mailboxes and what leads to them. */
import { commandLine } from '../accounts/actor.ts'
import type { AccountChange } from '../accounts/directory/accounts.ts'
import { Bin } from '../accounts/directory/bin.ts'
import type { Directory } from '../accounts/directory/directory.ts'
import type { DomainChange } from '../accounts/directory/domains.ts'
import type { AccountListRow, DomainAliasRow, MemberRow } from '../store/types/directory.ts'
import type { AccountId, AccountKind, AliasKind, AliasRow, DomainRow, Forward } from '../store/types.ts'

type Define<A, R> = { args: A; result: R }
type Page = { after: string | null; limit: number }
type OfMailbox = { address: string }

export interface MailboxListing {
  address: string
  name: string
  kind: AccountKind
  quotaBytes: number | null
  usedBytes: number
  messages: number
  signInEnabled: boolean
  sendingEnabled: boolean
  receivingEnabled: boolean
  forward: Forward | null
  planId: string | null
  /** Recipients an hour; null: that of its domain, plan or the service. */
  hourlyLimit: number | null
  createdAt: number
}

export interface RemovedListing extends MailboxListing {
  removedAt: number
  /** When it is purged by itself. */
  purgedAt: number
}

export interface DirectoryCommands {
  'domain.add': Define<{ name: string }, { name: string }>
  'domain.list': Define<Record<never, never>, DomainRow[]>
  'domain.remove': Define<{ name: string }, void>
  'domain.set': Define<{ name: string; change: DomainChange }, DomainRow>
  'domainAlias.add': Define<{ domain: string; name: string }, DomainAliasRow>
  'domainAlias.list': Define<{ domain: string | null }, DomainAliasRow[]>
  'domainAlias.remove': Define<{ name: string }, void>
  'mailbox.add': Define<
    {
      address: string
      password: string | null
      quotaBytes?: number | null
      name?: string
      kind?: AccountKind
    },
    OfMailbox
  >
  'mailbox.list': Define<Page & { domain: string | null }, MailboxListing[]>
  'mailbox.find': Define<OfMailbox, MailboxListing & { accountId: AccountId }>
  'mailbox.passwd': Define<OfMailbox & { password: string }, void>
  'mailbox.quota': Define<OfMailbox & { quotaBytes: number | null }, void>
  'mailbox.set': Define<OfMailbox & { change: AccountChange }, MailboxListing>
  'mailbox.forward': Define<OfMailbox & { forward: Forward | null }, MailboxListing>
  'mailbox.remove': Define<OfMailbox, void>
  'mailbox.restore': Define<OfMailbox, void>
  /** In use or in the bin; for good. */
  'mailbox.purge': Define<OfMailbox, void>
  'mailbox.bin': Define<
    { after: { removedAt: number; accountId: AccountId } | null; limit: number; domain: string | null },
    (RemovedListing & { accountId: AccountId })[]
  >
  'member.list': Define<OfMailbox, MemberRow[]>
  'member.set': Define<OfMailbox & { member: string; maySend: boolean }, void>
  'member.remove': Define<OfMailbox & { member: string }, void>
  'alias.add': Define<
    { address: string; targets: string[]; kind: AliasKind; name?: string },
    { address: string; targets: string[] }
  >
  'alias.list': Define<Page & { domain: string | null; kind: AliasKind | null }, AliasRow[]>
  'alias.remove': Define<OfMailbox & { kind: AliasKind }, void>
}

type Handlers = {
  [K in keyof DirectoryCommands]: (args: DirectoryCommands[K]['args']) => Promise<DirectoryCommands[K]['result']>
}

export function directoryHandlers({ domains, accounts, accountList, aliases, members, bin }: Directory): Handlers {
  const actor = commandLine
  return {
    'domain.add': async ({ name }) => ({ name: await domains.add(actor, name) }),
    'domain.list': () => domains.list(actor),
    'domain.remove': ({ name }) => domains.remove(actor, name),
    'domain.set': ({ name, change }) => domains.update(actor, name, change),
    'domainAlias.add': ({ domain, name }) => domains.addAlias(actor, domain, name),
    'domainAlias.list': ({ domain }) => domains.listAliases(actor, domain),
    'domainAlias.remove': ({ name }) => domains.removeAlias(actor, name),
    'mailbox.add': async wanted => ({ address: (await accounts.add(actor, wanted)).address }),
    'mailbox.list': async ({ domain, after, limit }) => {
      const place = after === null ? null : { key: after, address: after }
      const everything = { search: '', state: null, kind: null, almostFull: false }
      const order = { order: 'address', descending: false } as const
      const { items } = await accountList.page(actor, { domain, ...everything, ...order, after: place, limit })
      return items.map(listing)
    },
    'mailbox.find': async ({ address }) => {
      const account = await accounts.find(actor, address)
      return { ...listing(account), accountId: account.accountId }
    },
    'mailbox.passwd': ({ address, password }) => accounts.changePassword(actor, address, password),
    'mailbox.quota': async ({ address, quotaBytes }) => void (await accounts.update(actor, address, { quotaBytes })),
    'mailbox.set': async ({ address, change }) => listing(await accounts.update(actor, address, change)),
    'mailbox.forward': async ({ address, forward }) => listing(await accounts.setForward(actor, address, forward)),
    'mailbox.remove': ({ address }) => bin.put(actor, address),
    'mailbox.restore': async ({ address }) => void (await bin.restore(actor, address)),
    'mailbox.purge': ({ address }) => bin.purge(actor, address, { alsoInUse: true }),
    'mailbox.bin': async ({ domain, after, limit }) =>
      (await bin.list(actor, { domain, before: after, limit })).map(account => {
        const removedAt = account.removedAt ?? 0
        return { ...listing(account), accountId: account.accountId, removedAt, purgedAt: Bin.endOf(removedAt) }
      }),
    'member.list': ({ address }) => members.list(actor, address),
    'member.set': ({ address, member, maySend }) => members.set(actor, address, member, maySend),
    'member.remove': ({ address, member }) => members.remove(actor, address, member),
    'alias.add': alias => aliases.set(actor, alias),
    'alias.list': filter => aliases.list(actor, filter),
    'alias.remove': ({ address, kind }) => aliases.remove(actor, address, kind),
  }
}

/** What the command line shows of it. */
function listing(account: AccountListRow): MailboxListing {
  const { address, name, kind, quotaBytes, usedBytes, messages, createdAt, forward } = account
  const { signInEnabled, sendingEnabled, receivingEnabled, planId, hourlyLimit } = account
  const switches = { signInEnabled, sendingEnabled, receivingEnabled }
  return { address, name, kind, quotaBytes, usedBytes, messages, ...switches, forward, planId, hourlyLimit, createdAt }
}
