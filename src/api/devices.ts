/** /devices: what the owner of a mailbox tells mail programs, and the profile that tells an iPhone by itself. */
import Type from 'typebox'
import { attachment, everyone, RawAnswer, type Route, route } from './route.ts'
import { Nullable } from './schemas.ts'
import type { ApiServices } from './services.ts'

const Server = Type.Object({
  host: Type.String(),
  port: Type.Integer(),
  security: Type.Enum(['tls', 'starttls']),
})

export function deviceRoutes({
  clientSetUp,
  appleProfiles,
}: Pick<ApiServices, 'clientSetUp' | 'appleProfiles'>): Route[] {
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
  ]
}
