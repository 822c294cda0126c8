/** /credential-links: single-use links to sign-in data, as managers and staff make and follow them. */
import Type, { type Static } from 'typebox'
import { type IssuedLink, stateOf } from '../accounts/links/credential-links.ts'
import { CODE_DIGITS, LINK_DAYS } from '../accounts/links/limits.ts'
import type { CredentialLinkRow } from '../store/types/links.ts'
import { ApiProblem } from './problem.ts'
import { managers, type Route, route } from './route.ts'
import { Address, Nullable, PageOf, PageQuery, pageOf, RowId, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const State = Type.Enum(['waiting', 'revealed', 'expired', 'revoked'])

const LinkSchema = Type.Object({
  linkId: Type.String(),
  principalId: Type.Integer(),
  address: Type.String(),
  state: State,
  hasCode: Type.Boolean(),
  sentTo: Nullable(Type.String()),
  sentAt: Nullable(Time),
  createdBy: Type.String(),
  createdAt: Time,
  expiresAt: Time,
  openedCount: Type.Integer({ description: 'How often the page was opened, by people or by programs' }),
  openedAt: Nullable(Time),
  openedAddress: Nullable(Type.String()),
  revealedAt: Nullable(Time),
  revealedAddress: Nullable(Type.String()),
  revokedAt: Nullable(Time),
})
export type LinkAnswer = Static<typeof LinkSchema>

/** What is told once, to whoever made it. */
export const IssuedLinkSchema = Type.Object({
  linkId: Type.String(),
  address: Type.String(),
  url: Type.String({ description: 'Told here and nowhere again' }),
  code: Nullable(Type.String({ description: 'To be told by phone' })),
  expiresAt: Time,
  sentTo: Nullable(Type.String({ description: 'null where it was not mailed, though that may have been asked for' })),
})
export type IssuedLinkAnswer = Static<typeof IssuedLinkSchema>

export const codeDigits = Type.Optional(
  Nullable(
    Type.Integer({
      minimum: CODE_DIGITS.least,
      maximum: CODE_DIGITS.most,
      description: 'Digits of a code to be told by phone; null for none',
    }),
  ),
)
export const sendTo = Type.Optional(
  Nullable(Type.String({ maxLength: 320, description: 'An address it is mailed to' })),
)

export const expiryDays = Type.Optional(
  Nullable(
    Type.Integer({
      minimum: LINK_DAYS.least,
      maximum: LINK_DAYS.most,
      description: 'Days it can be opened; null: as the service’s settings say',
    }),
  ),
)

/** What a link is to be like. */
export const LinkWishSchema = Type.Object({ codeDigits, sendTo, expiryDays }, { additionalProperties: false })
const LinkParams = Type.Object({ linkId: Type.String({ maxLength: 40 }) })
const Token = Type.String({ minLength: 20, maxLength: 100 })

export const wishOf = (body: Static<typeof LinkWishSchema>) => ({
  codeDigits: body.codeDigits ?? null,
  sendTo: body.sendTo ?? null,
  expiryDays: body.expiryDays ?? null,
})
export const issued = ({ linkId, address, url, code, expiresAt, sentTo }: IssuedLink): IssuedLinkAnswer => ({
  linkId,
  address,
  url,
  code,
  expiresAt,
  sentTo,
})

export function credentialLinkRoutes({ links, clock }: Pick<ApiServices, 'links' | 'clock'>): Route[] {
  const answer = (row: CredentialLinkRow): LinkAnswer => {
    const { codeHash, codeAttempts: _, domain: __, ...shown } = row
    return { ...shown, state: stateOf(row, clock.now()), hasCode: codeHash !== null }
  }
  return [
    route({
      method: 'GET',
      path: '/credential-links',
      operationId: 'listCredentialLinks',
      summary: 'Links, latest first, with what became of them; managers see those of owners in their domains',
      tag: 'links',
      access: managers,
      scope: 'directory:read',
      query: Type.Object({
        ...PageQuery,
        principalId: Type.Optional(RowId),
        state: Type.Optional(State),
        search: Type.Optional(Type.String({ maxLength: 320 })),
      }),
      response: PageOf(LinkSchema),
      async handle({ actor, query }) {
        const { after, limit = 50, principalId = null, state = null, search = '' } = query
        const before = after === undefined ? null : readCursor(after)
        const rows = await links.list(actor, { principalId, state, search, before, limit: limit + 1 })
        return pageOf(rows.map(answer), limit, ({ createdAt, linkId }) => `${createdAt}.${linkId}`)
      },
    }),
    route({
      method: 'POST',
      path: '/credential-links',
      operationId: 'createCredentialLink',
      summary: 'Sets a new password that a single-use link reveals; the link before is revoked, sessions end',
      tag: 'links',
      access: managers,
      scope: 'links:write',
      status: 201,
      creates: true,
      body: Type.Object({ address: Address, codeDigits, sendTo, expiryDays }, { additionalProperties: false }),
      response: IssuedLinkSchema,
      handle: async ({ actor, body }) => issued(await links.issue(actor, body.address, wishOf(body))),
    }),
    route({
      method: 'GET',
      path: '/credential-links/:linkId',
      operationId: 'getCredentialLink',
      summary: 'What became of a link',
      tag: 'links',
      access: managers,
      scope: 'directory:read',
      params: LinkParams,
      response: LinkSchema,
      handle: async ({ actor, params }) => answer(await links.get(actor, params.linkId)),
    }),
    route({
      method: 'POST',
      path: '/credential-links/:linkId/again',
      operationId: 'issueCredentialLinkAgain',
      summary: 'Another link for the same user, with another password and a code as before; this one is revoked',
      tag: 'links',
      access: managers,
      scope: 'links:write',
      status: 201,
      creates: true,
      params: LinkParams,
      body: LinkWishSchema,
      response: IssuedLinkSchema,
      handle: async ({ actor, params, body }) => issued(await links.issueAgain(actor, params.linkId, body)),
    }),
    route({
      method: 'POST',
      path: '/credential-links/:linkId/send',
      operationId: 'sendCredentialLink',
      summary: 'Mails a link to an address elsewhere; the caller shows that he holds it by its token, what follows "#"',
      tag: 'links',
      access: managers,
      scope: 'links:write',
      params: LinkParams,
      body: Type.Object({ token: Token, to: Type.String({ maxLength: 320 }) }, { additionalProperties: false }),
      response: LinkSchema,
      handle: async ({ actor, params, body }) => answer(await links.send(actor, params.linkId, body.token, body.to)),
    }),
    route({
      method: 'POST',
      path: '/credential-links/:linkId/revoke',
      operationId: 'revokeCredentialLink',
      summary: 'Makes a link that waits good for nothing; the password stays, and nobody knows it',
      tag: 'links',
      access: managers,
      scope: 'links:write',
      params: LinkParams,
      response: LinkSchema,
      handle: async ({ actor, params }) => answer(await links.revoke(actor, params.linkId)),
    }),
  ]
}

function readCursor(text: string): { createdAt: number; linkId: string } {
  const [, createdAt, linkId = ''] = /^(\d{1,15})\.([\w-]{1,40})$/.exec(text) ?? []
  if (createdAt === undefined)
    throw new ApiProblem('invalid-request', {
      errors: [{ field: 'after', code: 'invalid', message: 'no cursor of this list' }],
    })
  return { createdAt: Number(createdAt), linkId }
}
