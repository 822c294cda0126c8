/** What the command line asks of users, links and tokens: see `control-commands.ts`. */
import { commandLine } from '../accounts/actor.ts'
import type { ApiTokens } from '../accounts/api-tokens.ts'
import type { AuditLog } from '../accounts/audit-log.ts'
import type { CredentialLinks, IssuedLink, LinkWish } from '../accounts/links/credential-links.ts'
import type { Scope } from '../accounts/scopes.ts'
import type { SecurityAdministration } from '../accounts/second-factor/administration.ts'
import type { NewUser, User, Users } from '../accounts/users/users.ts'
import type { Role } from '../store/types/principals.ts'
import type { ApiTokenRow, AuditRow } from '../store/types/service.ts'

type Define<A, R> = { args: A; result: R }

export interface UserListing {
  address: string
  name: string
  role: Role
  domains: string[]
  hasMailbox: boolean
  signInEnabled: boolean
  createdAt: number
}

type OfUser = { address: string }

export interface UserCommands {
  /** No link where the address is a mailbox here, which keeps its password. */
  'user.create': Define<NewUser, { user: UserListing; link: IssuedLink | null }>
  'user.list': Define<{ after: string | null; limit: number; role: 'manager' | 'staff' | null }, UserListing[]>
  'user.role': Define<OfUser & { role: Role; domains: string[] | null }, UserListing>
  'user.domains': Define<OfUser & { domains: string[] }, UserListing>
  'user.remove': Define<OfUser, void>
  /** Of anyone who signs in. */
  'user.resetSecondFactor': Define<OfUser, { address: string }>
  'link.issue': Define<OfUser & LinkWish, IssuedLink>
  'token.create': Define<
    OfUser & { label: string; scopes: Scope[]; expiresAt: number | null },
    { tokenId: string; secret: string }
  >
  'token.list': Define<OfUser, ApiTokenRow[]>
  'token.revoke': Define<OfUser & { tokenId: string }, void>
  'audit.list': Define<{ action: string | null; search: string; before: number | null; limit: number }, AuditRow[]>
}

export interface UserControlServices {
  users: Users
  links: CredentialLinks
  tokens: ApiTokens
  audit: AuditLog
  securityAdministration: SecurityAdministration
}

export type UserHandlers = {
  [K in keyof UserCommands]: (args: UserCommands[K]['args']) => Promise<UserCommands[K]['result']>
}

export function userHandlers(services: UserControlServices): UserHandlers {
  const { users, links, tokens, audit, securityAdministration } = services
  const idOf = async (address: string): Promise<number> => (await users.find(address)).principal.principalId
  return {
    'user.create': async wanted => {
      const { user, link } = await users.create(commandLine, wanted)
      return { user: listing(user), link }
    },
    'user.list': async ({ role, ...page }) => (await users.list(role, page)).map(listing),
    'user.role': async ({ address, role, domains }) => {
      const change = { role, ...(domains === null ? {} : { domains }) }
      return listing(await users.update(commandLine, await idOf(address), change))
    },
    'user.domains': async ({ address, domains }) =>
      listing(await users.update(commandLine, await idOf(address), { role: 'manager', domains })),
    'user.remove': async ({ address }) => users.remove(commandLine, await idOf(address)),
    'user.resetSecondFactor': async ({ address: text }) => {
      const principal = await securityAdministration.find(commandLine, text)
      await securityAdministration.resetSecondFactor(commandLine, principal)
      return { address: principal.address }
    },
    'link.issue': ({ address, ...wish }) => links.issue(commandLine, address, wish),
    'token.create': async ({ address, ...wanted }) => {
      const { token, secret } = await tokens.create(commandLine, await idOf(address), wanted)
      return { tokenId: token.tokenId, secret }
    },
    'token.list': async ({ address }) => tokens.list(commandLine, await idOf(address)),
    'token.revoke': async ({ address, tokenId }) => tokens.revoke(commandLine, await idOf(address), tokenId),
    'audit.list': filter => audit.list(commandLine, { ...filter, since: null, until: null }),
  }
}

function listing({ principal, domains }: User): UserListing {
  const { address, name, role, hasMailbox, signInEnabled, createdAt } = principal
  return { address, name, role, domains, hasMailbox, signInEnabled, createdAt }
}
