/** /mailboxes: of all domains at once, and each of them. */
import Type, { type Static } from 'typebox'
import type { AccountCursor } from '../accounts/directory/account-list.ts'
import type { LinkHolder } from '../accounts/links/credential-links.ts'
import { IssuedLinkSchema, issued, LinkWishSchema, wishOf } from './credential-links.ts'
import {
  AccountKindName,
  AccountStateName,
  AliasSchema,
  aliasAnswer,
  ForwardSchema,
  Limit,
  MailboxSchema,
  mailboxAnswer,
  PersonName,
  PlanId,
  Quota,
} from './directory-schemas.ts'
import { managers, type Route, route } from './route.ts'
import { Address, DomainName, Nullable, PageQuery } from './schemas.ts'
import type { ApiServices } from './services.ts'

export const MailboxParams = Type.Object({ address: Address })

const ListQuery = Type.Object({
  domain: Type.Optional(DomainName),
  search: Type.Optional(Type.String({ maxLength: 200, description: 'Words that address or name have to hold' })),
  state: Type.Optional(AccountStateName),
  kind: Type.Optional(AccountKindName),
  almostFull: Type.Optional(Type.Boolean({ description: 'Those that have used 90 % of their space' })),
  sort: Type.Optional(Type.Enum(['address', 'name', 'used', 'full', 'quota', 'created'], { default: 'address' })),
  descending: Type.Optional(Type.Boolean({ default: false })),
  ...PageQuery,
})

const NewMailboxSchema = Type.Object(
  {
    address: Address,
    name: Type.Optional(PersonName),
    kind: Type.Optional(AccountKindName),
    quotaBytes: Type.Optional(Quota),
    planId: Type.Optional(PlanId),
    link: Type.Optional(
      Type.Object(LinkWishSchema.properties, {
        additionalProperties: false,
        description: 'A single-use link to its user name and password, made together with it',
      }),
    ),
  },
  { additionalProperties: false },
)

const CreatedSchema = Type.Object({
  ...MailboxSchema.properties,
  link: Nullable(IssuedLinkSchema),
})
export type CreatedMailboxAnswer = Static<typeof CreatedSchema>

const ChangeSchema = Type.Object(
  {
    name: Type.Optional(PersonName),
    quotaBytes: Type.Optional(Quota),
    hourlyLimit: Type.Optional(Limit),
    signInEnabled: Type.Optional(Type.Boolean()),
    sendingEnabled: Type.Optional(
      Type.Boolean({
        description:
          'Whether mail is taken from whoever signs in; forwards, and what filters and automatic replies send, go on',
      }),
    ),
    receivingEnabled: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, minProperties: 1 },
)

const DetailsSchema = Type.Object({
  ...MailboxSchema.properties,
  principalId: Type.Integer({ description: 'Who signs in to it, as /users knows him' }),
  aliases: Type.Array(AliasSchema, { description: 'Aliases and groups that lead to it' }),
  domainAliases: Type.Array(Type.String(), { description: 'Other names of its domain' }),
})
export type MailboxDetails = Static<typeof DetailsSchema>

export function mailboxRoutes({ directory, links }: Pick<ApiServices, 'directory' | 'links'>): Route[] {
  const { accounts, accountList, aliases, domains, bin } = directory
  return [
    route({
      method: 'GET',
      path: '/mailboxes',
      operationId: 'listMailboxes',
      summary: 'Mailboxes of all domains, searched, narrowed and sorted',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:read',
      query: ListQuery,
      response: Type.Object({
        items: Type.Array(MailboxSchema),
        next: Nullable(Type.String()),
        total: Type.Integer({ description: 'Of all pages' }),
      }),
      async handle({ actor, query }) {
        const { domain = null, search = '', state = null, kind = null, almostFull = false } = query
        const { sort = 'address', descending = false, after, limit = 50 } = query
        const page = await accountList.page(actor, {
          domain,
          search,
          state,
          kind,
          almostFull,
          order: sort,
          descending,
          after: after === undefined ? null : readCursor(after),
          limit,
        })
        const seen = await accountList.lastSignIns(page.items)
        return {
          items: page.items.map(row => mailboxAnswer(row, seen.get(row.accountId) ?? null)),
          next: page.next && writeCursor(page.next),
          total: page.total,
        }
      },
    }),
    route({
      method: 'POST',
      path: '/mailboxes',
      operationId: 'createMailbox',
      summary:
        'Makes a mailbox, with a single-use link where that is asked for; without one it has no password until one is made. Who signs in with the address already, and has no mailbox, is given it and keeps the password: then there is no link',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:write',
      status: 201,
      creates: true,
      body: NewMailboxSchema,
      response: CreatedSchema,
      async handle({ actor, body: { link: wish, ...wanted } }) {
        const prepare = wish && ((holder: LinkHolder) => links.prepare(actor, holder, wishOf(wish)))
        const { account, prepared } = await accounts.create(actor, { ...wanted, password: null }, prepare)
        const link = prepared && issued(await links.deliver(actor, prepared))
        return { ...mailboxAnswer(account), link }
      },
    }),
    route({
      method: 'GET',
      path: '/mailboxes/:address',
      operationId: 'getMailbox',
      summary: 'One mailbox, with what leads to it',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:read',
      params: MailboxParams,
      response: DetailsSchema,
      async handle({ actor, params }): Promise<MailboxDetails> {
        const row = await accounts.find(actor, params.address)
        const seen = await accountList.lastSignIns([row])
        const leading = await aliases.leadingTo(actor, row.address)
        const names = await domains.listAliases(actor, row.domain)
        return {
          ...mailboxAnswer(row, seen.get(row.accountId) ?? null),
          // A mailbox and who owns it have one id.
          principalId: row.accountId,
          aliases: leading.map(aliasAnswer),
          domainAliases: names.map(({ name }) => name),
        }
      },
    }),
    route({
      method: 'PATCH',
      path: '/mailboxes/:address',
      operationId: 'updateMailbox',
      summary: 'Changes what is given: name, space, limit, and the switches for sign-in, sending and receiving',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:write',
      params: MailboxParams,
      body: ChangeSchema,
      response: MailboxSchema,
      handle: async ({ actor, params, body }) => mailboxAnswer(await accounts.update(actor, params.address, body)),
    }),
    route({
      method: 'DELETE',
      path: '/mailboxes/:address',
      operationId: 'removeMailbox',
      summary: 'Moves the mailbox to the bin, for 30 days',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:write',
      params: MailboxParams,
      response: null,
      handle: ({ actor, params }) => bin.put(actor, params.address),
    }),
    route({
      method: 'PUT',
      path: '/mailboxes/:address/forward',
      operationId: 'setMailboxForward',
      summary: 'Sends what arrives on to other addresses',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:write',
      params: MailboxParams,
      body: ForwardSchema,
      response: MailboxSchema,
      handle: async ({ actor, params, body }) => mailboxAnswer(await accounts.setForward(actor, params.address, body)),
    }),
    route({
      method: 'DELETE',
      path: '/mailboxes/:address/forward',
      operationId: 'removeMailboxForward',
      summary: 'Forwards nothing any more',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:write',
      params: MailboxParams,
      response: null,
      async handle({ actor, params }) {
        await accounts.setForward(actor, params.address, null)
      },
    }),
  ]
}

function writeCursor({ key, address }: AccountCursor): string {
  return Buffer.from(JSON.stringify([key, address])).toString('base64url')
}

/** One that was not given out here begins at the beginning. */
function readCursor(text: string): AccountCursor | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (!Array.isArray(parsed)) return null
    const [key, address]: unknown[] = parsed
    const isKey = typeof key === 'string' || typeof key === 'number'
    return isKey && typeof address === 'string' ? { key, address } : null
  } catch {
    return null
  }
}
