/**
 * Where a phone fetches its configuration profile: a form of the page behind the scanned link sends here. It is no call of
 * the API, as only a navigation makes the device offer to install what it is answered.
 */
import type { FastifyInstance } from 'fastify'
import { AccountError } from '../../accounts/account-error.ts'
import type { DeviceLinks } from '../../accounts/device-links.ts'
import { addressGroup, canonicalAddress } from '../../ops/network-address.ts'
import { DEVICE_FORM_BYTES } from './limits.ts'

export interface DeviceRoutesOptions {
  deviceLinks: DeviceLinks
  /** Throws where the client has asked too often. */
  rateLimit: { take(client: string): void }
}

export const deviceRoutes =
  ({ deviceLinks, rateLimit }: DeviceRoutesOptions) =>
  (app: FastifyInstance): void => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: DEVICE_FORM_BYTES }, (_, body, done) =>
      done(null, body),
    )
    app.post<{ Params: { token: string } }>('/device/:token', async (request, reply) => {
      reply.header('Cache-Control', 'no-store')
      try {
        rateLimit.take(addressGroup(canonicalAddress(request.ip)))
      } catch {
        return reply.code(429).header('Retry-After', 60).type('text/plain; charset=utf-8').send('Too many requests\n')
      }
      const { token } = request.params
      const language = /^en\b/i.test(request.headers['accept-language'] ?? '') ? 'en' : 'fr'
      try {
        const remoteAddress = canonicalAddress(request.ip)
        const { address, profile } = await deviceLinks.open(token, { remoteAddress, language })
        const name = address.replace(/[^\w.@-]/g, '_')
        return reply
          .type('application/x-apple-aspen-config')
          .header('Content-Disposition', `attachment; filename="${name}.mobileconfig"`)
          .send(profile)
      } catch (error) {
        // The page says why.
        if (error instanceof AccountError) return reply.redirect(`/device/${encodeURIComponent(token)}`, 303)
        throw error
      }
    })
  }
