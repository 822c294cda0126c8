/** /devices: what the owner of a mailbox tells mail programs, and the profile that tells an iPhone by itself. */
import Type from 'typebox'
import { LABEL_CHARACTERS } from '../accounts/app-passwords/limits.ts'
import { ApiProblem } from './problem.ts'
import { attachment, everyone, RawAnswer, type Route, route } from './route.ts'
import { Nullable, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const Server = Type.Object({
  host: Type.String(),
  port: Type.Integer(),
  security: Type.Enum(['tls', 'starttls']),
})

const LinkBody = Type.Object(
  {
    passwordLabel: Nullable(
      Type.String({
        minLength: 1,
        maxLength: LABEL_CHARACTERS,
        pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
      }),
    ),
  },
  { additionalProperties: false },
)

export function deviceRoutes({
  clientSetUp,
  appleProfiles,
  deviceLinks,
}: Pick<ApiServices, 'clientSetUp' | 'appleProfiles' | 'deviceLinks'>): Route[] {
  return [
    route({
      method: 'GET',
      path: '/devices/settings',
      operationId: 'getMailSettings',
      summary: 'User name and servers, as mail programs ask for them; best first, an empty list is not offered',
      tag: 'devices',
      access: everyone,
      needsMailbox: true,
      scope: 'account:read',
      response: Type.Object({
        userName: Type.String(),
        imap: Type.Array(Server),
        pop3: Type.Array(Server),
        smtp: Type.Array(Server),
      }),
      async handle({ actor }) {
        const { imap, pop3, smtp } = await clientSetUp.servers()
        return { userName: actor.address, imap: [...imap], pop3: [...pop3], smtp: [...smtp] }
      },
    }),
    route({
      method: 'GET',
      path: '/devices/apple-profile',
      operationId: 'getAppleProfile',
      summary: 'A configuration profile for iPhone, iPad and Mac, signed; the device asks for the password',
      tag: 'devices',
      access: everyone,
      needsMailbox: true,
      scope: 'account:read',
      query: Type.Object({ protocol: Type.Optional(Type.Enum(['imap', 'pop3'])) }),
      response: Nullable(Type.String()),
      produces: 'application/x-apple-aspen-config',
      async handle({ actor, query, language }) {
        const { address } = actor
        const profile = await appleProfiles.make(actor, {
          protocol: query.protocol ?? 'imap',
          password: null,
          language,
        })
        return new RawAnswer('application/x-apple-aspen-config', profile, attachment(`${address}.mobileconfig`))
      },
    }),
    route({
      method: 'POST',
      path: '/devices/profile-links',
      operationId: 'createDeviceLink',
      summary:
        'A link, good once and for minutes, by which a device fetches its profile without being signed in; with an app password of that label where one is given',
      tag: 'devices',
      access: everyone,
      needsMailbox: true,
      scope: null,
      needsConfirmation: true,
      body: LinkBody,
      status: 201,
      creates: true,
      response: Type.Object({ url: Type.String(), expiresAt: Time }),
      async handle({ actor, body }) {
        const { principalId } = actor
        if (principalId === null) throw new ApiProblem('not-signed-in')
        return deviceLinks.make({ ...actor, principalId }, body)
      },
    }),
    route({
      method: 'GET',
      path: '/device-links/:token',
      operationId: 'getDeviceLink',
      summary: 'What such a link leads to; looking spends nothing',
      tag: 'devices',
      access: 'public',
      scope: null,
      params: Type.Object({ token: Type.String({ maxLength: 100 }) }),
      response: Type.Object({ address: Type.String(), withPassword: Type.Boolean(), expiresAt: Time }),
      handle: async ({ params }) => deviceLinks.look(params.token),
    }),
  ]
}
