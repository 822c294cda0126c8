/** /app-passwords: passwords of single mail programs. */
import Type, { type Static } from 'typebox'
import type { ListedAppPassword } from '../accounts/app-passwords/app-passwords.ts'
import * as limits from '../accounts/app-passwords/limits.ts'
import type { MailProtocol } from '../store/types/sign-in.ts'
import { everyone, type Route, route } from './route.ts'
import { Nullable, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'
import { ownId } from './session-of.ts'

const protocols = ['imap', 'pop3', 'submission'] as const satisfies MailProtocol[]

export const AppPasswordSchema = Type.Object({
  appPasswordId: Type.String(),
  mailbox: Type.String({ description: 'Address of the mailbox it opens' }),
  label: Type.String(),
  protocols: Type.Array(Type.Enum([...protocols])),
  networks: Type.Array(Type.String(), { description: 'Addresses and CIDR; none: from everywhere' }),
  expiresAt: Nullable(Time),
  createdAt: Time,
  lastUse: Nullable(
    Type.Object({ at: Time, protocol: Nullable(Type.Enum([...protocols])), remoteAddress: Nullable(Type.String()) }),
  ),
})

export type AppPasswordAnswer = Static<typeof AppPasswordSchema>

const fields = {
  label: Type.String({
    minLength: 1,
    maxLength: limits.LABEL_CHARACTERS,
    pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
  }),
  protocols: Type.Array(Type.Enum([...protocols]), { minItems: 1, maxItems: protocols.length }),
  networks: Type.Array(Type.String({ maxLength: 60 }), { maxItems: limits.NETWORKS }),
  expiresAt: Nullable(Time),
}

const NewSchema = Type.Object(
  {
    mailbox: Type.Optional(
      Nullable(
        Type.String({ maxLength: 320, description: 'Address of a mailbox that is shared with you; else your own' }),
      ),
    ),
    label: fields.label,
    protocols: fields.protocols,
    networks: Type.Optional(fields.networks),
    expiresAt: Type.Optional(fields.expiresAt),
  },
  { additionalProperties: false },
)

const ChangeSchema = Type.Object(
  {
    label: Type.Optional(fields.label),
    protocols: Type.Optional(fields.protocols),
    networks: Type.Optional(fields.networks),
    expiresAt: Type.Optional(fields.expiresAt),
  },
  { additionalProperties: false, minProperties: 1 },
)

const OfOne = Type.Object({ appPasswordId: Type.String({ maxLength: 40 }) })

export function appPasswordRoutes({ appPasswords }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/app-passwords',
      operationId: 'listAppPasswords',
      summary: 'Own app passwords, latest first, without their secrets',
      tag: 'security',
      access: everyone,
      scope: 'account:read',
      response: Type.Array(AppPasswordSchema),
      handle: async ({ actor }) => (await appPasswords.list(ownId(actor))).map(appPasswordAnswer),
    }),
    route({
      method: 'POST',
      path: '/app-passwords',
      operationId: 'createAppPassword',
      summary: 'Makes an app password; the answer alone holds its secret',
      tag: 'security',
      access: everyone,
      scope: 'account:write',
      needsConfirmation: true,
      status: 201,
      creates: true,
      body: NewSchema,
      response: Type.Object({
        appPassword: AppPasswordSchema,
        secret: Type.String({ description: 'In groups of four; spaces do not count' }),
      }),
      async handle({ actor, body }) {
        const { mailbox = null, networks = [], expiresAt = null, label, protocols } = body
        const accountId = mailbox === null ? null : await appPasswords.mailboxOf(actor, mailbox)
        const made = await appPasswords.create(actor, { accountId, label, protocols, networks, expiresAt })
        return { appPassword: appPasswordAnswer(made.appPassword), secret: made.secret }
      },
    }),
    route({
      method: 'PATCH',
      path: '/app-passwords/:appPasswordId',
      operationId: 'updateAppPassword',
      summary: 'Changes what an app password is called, what it is for, and until when',
      tag: 'security',
      access: everyone,
      scope: 'account:write',
      needsConfirmation: true,
      params: OfOne,
      body: ChangeSchema,
      response: AppPasswordSchema,
      handle: async ({ actor, params, body }) =>
        appPasswordAnswer(await appPasswords.change(actor, params.appPasswordId, body)),
    }),
    route({
      method: 'DELETE',
      path: '/app-passwords/:appPasswordId',
      operationId: 'removeAppPassword',
      summary: 'Ends an app password',
      tag: 'security',
      access: everyone,
      scope: 'account:write',
      params: OfOne,
      response: null,
      handle: ({ actor, params }) => appPasswords.remove(actor, ownId(actor), params.appPasswordId),
    }),
  ]
}

export function appPasswordAnswer(row: ListedAppPassword) {
  const { appPasswordId, address, label, protocols, networks, expiresAt, createdAt } = row
  const { lastUsedAt: at, lastUsedProtocol: protocol, lastUsedAddress: remoteAddress } = row
  const lastUse = at === null ? null : { at, protocol, remoteAddress }
  return { appPasswordId, mailbox: address, label, protocols, networks, expiresAt, createdAt, lastUse }
}
