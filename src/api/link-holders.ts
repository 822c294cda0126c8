/** /link, /first-staff: what the holder of a link does without signing in. The token comes in the body: URLs are logged. */
import Type, { type Static } from 'typebox'
import { type Route, route } from './route.ts'
import { LanguageCode, Nullable, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

export const Token = Type.String({ minLength: 20, maxLength: 100, description: 'What follows "#" in the link' })
export const NewPassword = Type.String({ minLength: 1, maxLength: 1024 })
export const TokenBody = Type.Object({ token: Token }, { additionalProperties: false })

const ServerSchema = Type.Object({
  host: Type.String(),
  port: Type.Integer(),
  security: Type.Enum(['tls', 'starttls']),
})

const OpenedLinkSchema = Type.Object({ expiresAt: Time, needsCode: Type.Boolean() })
export type OpenedLinkAnswer = Static<typeof OpenedLinkSchema>

const RevealedSchema = Type.Object({
  address: Type.String({ description: 'The user name, everywhere' }),
  password: Type.String(),
  panelUrl: Type.String(),
  servers: Nullable(
    Type.Object({
      imap: Type.Array(ServerSchema),
      pop3: Type.Array(ServerSchema),
      smtp: Type.Array(ServerSchema),
    }),
  ),
  choose: Type.Object({ token: Type.String(), until: Time }),
})
export type RevealedAnswer = Static<typeof RevealedSchema>

type Services = Pick<ApiServices, 'linkReveal' | 'firstStaff' | 'sessions' | 'clientSetUp'>

export function linkHolderRoutes({ linkReveal, firstStaff, sessions, clientSetUp }: Services): Route[] {
  return [
    route({
      method: 'POST',
      path: '/link/open',
      operationId: 'openCredentialLink',
      summary: 'Whether a link waits, and whether it needs a code; reveals nothing and spends nothing',
      tag: 'link holders',
      access: 'public',
      scope: null,
      body: TokenBody,
      response: OpenedLinkSchema,
      handle: ({ body, remoteAddress }) => linkReveal.open(body.token, remoteAddress),
    }),
    route({
      method: 'POST',
      path: '/link/reveal',
      operationId: 'revealCredentialLink',
      summary: 'Gives out user name and password, once',
      tag: 'link holders',
      access: 'public',
      scope: null,
      body: Type.Object(
        { token: Token, code: Type.Optional(Type.String({ maxLength: 20 })) },
        { additionalProperties: false },
      ),
      response: RevealedSchema,
      async handle({ body, remoteAddress }) {
        const revealed = await linkReveal.reveal(body.token, body.code ?? null, remoteAddress)
        const { principal, password, chooseToken, chooseUntil } = revealed
        const servers = principal.hasMailbox ? await clientSetUp.servers() : null
        return {
          address: principal.address,
          password,
          panelUrl: clientSetUp.linkTo('/'),
          servers: servers && { imap: [...servers.imap], pop3: [...servers.pop3], smtp: [...servers.smtp] },
          choose: { token: chooseToken, until: chooseUntil },
        }
      },
    }),
    route({
      method: 'POST',
      path: '/link/password',
      operationId: 'choosePasswordAfterReveal',
      summary: 'Sets a password of one’s own, once, for a short time after the reveal',
      tag: 'link holders',
      access: 'public',
      scope: null,
      body: Type.Object({ token: Token, password: NewPassword }, { additionalProperties: false }),
      response: null,
      handle: ({ body, remoteAddress }) => linkReveal.choosePassword(body.token, body.password, remoteAddress),
    }),
    route({
      method: 'POST',
      path: '/first-staff/open',
      operationId: 'openFirstStaffLink',
      summary: 'Whether the link printed at the start of the service is good',
      tag: 'link holders',
      access: 'public',
      scope: null,
      body: TokenBody,
      response: Type.Object({ expiresAt: Time }),
      handle: ({ body }) => firstStaff.open(body.token),
    }),
    route({
      method: 'POST',
      path: '/first-staff',
      operationId: 'createFirstStaff',
      summary: 'Makes the first of the staff, who is then signed in',
      tag: 'link holders',
      access: 'public',
      scope: null,
      body: Type.Object(
        {
          token: Token,
          address: Type.String({ minLength: 1, maxLength: 320 }),
          name: Type.String({ maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]*$' }),
          password: NewPassword,
          language: LanguageCode,
        },
        { additionalProperties: false },
      ),
      response: null,
      async handle({ body, remoteAddress, userAgent, cookies }) {
        const principalId = await firstStaff.create({ ...body, name: body.name.trim() }, remoteAddress)
        const wanted = { principalId, remember: false, secondFactor: false, remoteAddress, userAgent }
        cookies.setSession((await sessions.open(wanted)).token, null)
      },
    }),
  ]
}
