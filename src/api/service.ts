/** /service: what the panel shows before anyone signed in. */
import Type, { type Static } from 'typebox'
import { MAX_PASSWORD_BYTES } from '../accounts/limits.ts'
import { logoUrlOf } from './brand.ts'
import { type Route, route } from './route.ts'
import { LanguageCode, Nullable } from './schemas.ts'
import type { ApiServices } from './services.ts'

export const ServiceSchema = Type.Object({
  name: Type.String(),
  logoUrl: Nullable(Type.String()),
  colours: Type.Object({ primary: Nullable(Type.String()) }),
  supportAddress: Nullable(Type.String()),
  languages: Type.Array(LanguageCode, { description: 'The first is for whoever has not chosen one' }),
  servers: Type.Array(Type.Object({ name: Type.String(), url: Type.String(), domains: Type.Array(Type.String()) })),
  passwordRules: Type.Object({ minCharacters: Type.Integer(), maxBytes: Type.Integer() }),
  version: Type.String(),
})
export type ServiceAnswer = Static<typeof ServiceSchema>

export function serviceRoutes({ facts, settings, brands }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/service',
      operationId: 'getService',
      summary: 'Name, brand and languages of the service, as whoever asks knows it',
      tag: 'service',
      access: 'public',
      scope: null,
      response: ServiceSchema,
      async handle({ actor, host }) {
        const { defaultLanguage, servers, minPasswordCharacters } = await settings.current()
        const brand = await (actor ? brands.forActor(actor) : brands.forHost(host))
        return {
          name: brand.name,
          logoUrl: logoUrlOf(brand.logo),
          colours: { primary: brand.primaryColour },
          supportAddress: brand.supportAddress,
          languages: defaultLanguage === 'fr' ? ['fr' as const, 'en' as const] : ['en' as const, 'fr' as const],
          servers,
          passwordRules: { minCharacters: minPasswordCharacters, maxBytes: MAX_PASSWORD_BYTES },
          version: facts.version,
        }
      },
    }),
  ]
}
