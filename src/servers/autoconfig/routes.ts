/**
 * What mail programs ask for their settings, outside of the API: Thunderbird's config-v1.1.xml, and Autodiscover. Nobody
 * signs in for it, and no answer tells whether a mailbox exists: only the domain is looked at.
 */
import { randomInt } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ReadsBrands } from '../../accounts/brands/brands.ts'
import type { ClientSetUp } from '../../accounts/client-set-up.ts'
import type { Clock } from '../../ops/clock.ts'
import { addressGroup, canonicalAddress } from '../../ops/network-address.ts'
import { answerAutodiscoverJson } from '../../wire/autoconfig/autodiscover-json.ts'
import { parseAutodiscoverRequest } from '../../wire/autoconfig/autodiscover-request.ts'
import {
  type AutodiscoverError,
  encodeAutodiscoverError,
  encodeAutodiscoverSettings,
} from '../../wire/autoconfig/autodiscover-response.ts'
import { encodeClientConfig } from '../../wire/autoconfig/client-config.ts'
import { AUTODISCOVER_REQUEST_BYTES } from '../../wire/autoconfig/limits.ts'
import { domainOf } from '../../wire/mime/domain-of.ts'

export interface AutoconfigOptions {
  clientSetUp: ClientSetUp
  brands: ReadsBrands
  /** Throws where the client has asked too often. */
  rateLimit: { take(client: string): void }
  clock: Clock
}

const AUTODISCOVER = '/autodiscover/autodiscover.xml'
const AUTODISCOVER_JSON = '/autodiscover/autodiscover.json'
const XML = 'text/xml; charset=utf-8'
const JSON_TYPE = 'application/json; charset=utf-8'
const ANY_CASE = /^\/(?:autodiscover\/|mail\/config-v1\.1\.xml|\.well-known\/autoconfig\/)[^?]*/i

/** Outlook has asked in every mixture of capitals: such a path in lower case, any other as it came. */
export const pathInOneCase = (url: string): string => url.replace(ANY_CASE, path => path.toLowerCase())

export const autoconfigRoutes =
  (options: AutoconfigOptions) =>
  (app: FastifyInstance): void => {
    const { clientSetUp, rateLimit } = options
    app.addHook('onRequest', async (request, reply) => {
      try {
        rateLimit.take(addressGroup(canonicalAddress(request.ip)))
      } catch {
        return reply.code(429).header('Retry-After', 60).type('text/plain; charset=utf-8').send('Too many requests\n')
      }
      reply.header('Cache-Control', 'no-cache')
    })

    for (const path of ['/mail/config-v1.1.xml', '/.well-known/autoconfig/mail/config-v1.1.xml'])
      app.get(path, async (request, reply) => {
        const address = one(request.query, 'emailaddress')
        const config = await clientConfig(options, request.hostname.toLowerCase(), address)
        if (config === null) return reply.code(404).type('text/plain; charset=utf-8').send('Not found\n')
        return reply.type(XML).send(config)
      })

    // Whatever it is called: Outlook says text/xml, others application/xml or nothing.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: AUTODISCOVER_REQUEST_BYTES }, (_, body, done) =>
      done(null, body),
    )
    app.setErrorHandler((error, _, reply) => {
      const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
      if (status >= 500) throw error
      return refuse(options, reply, 'invalid-request')
    })
    app.get(AUTODISCOVER, async (_, reply) => refuse(options, reply, 'invalid-request'))
    app.post(AUTODISCOVER, async (request, reply) => {
      const asked = Buffer.isBuffer(request.body) ? parseAutodiscoverRequest(request.body) : null
      if (!asked?.ok) return refuse(options, reply, asked?.reason === 'schema' ? 'unknown-schema' : 'invalid-request')
      const domain = await clientSetUp.ownDomain(domainOf(asked.address))
      if (domain === null) return refuse(options, reply, 'unknown-domain')
      return reply.type(XML).send(encodeAutodiscoverSettings(asked.address, await clientSetUp.servers()))
    })

    for (const path of [AUTODISCOVER_JSON, `${AUTODISCOVER_JSON}/v1.0/:email`])
      app.get(path, async (request, reply) => {
        const { status, body } = answerAutodiscoverJson(
          one(request.query, 'protocol'),
          clientSetUp.linkTo(AUTODISCOVER),
        )
        return reply.code(status).type(JSON_TYPE).send(body)
      })
  }

/** null where the address is of a domain that isn't ours, or there is nothing to offer. */
async function clientConfig(options: AutoconfigOptions, host: string, address: string | null): Promise<string | null> {
  const { clientSetUp, brands } = options
  const servers = await clientSetUp.servers()
  if (servers.imap.length === 0 && servers.pop3.length === 0) return null
  const named = host.replace(/^autoconfig\./, '')
  const domain = await clientSetUp.ownDomain(address === null ? named : domainOf(address))
  if (domain === null && address !== null) return null
  const { name } = await brands.forDomain(domain)
  return encodeClientConfig({
    id: clientSetUp.hostname,
    // Without an address, and under a name that is no domain's: the one the program found us by.
    domain: domain ?? named,
    // By way of the MX record the name is that of its host's domain.
    mxDomain: domain === null || named === domain ? null : named,
    displayName: name,
    shortName: name,
    servers,
    documentation: {
      url: clientSetUp.linkTo('/help/set-up'),
      titles: { fr: 'Configurer sa boîte dans un logiciel', en: 'Set up your mailbox in a program' },
    },
  })
}

function refuse({ clock }: AutoconfigOptions, reply: FastifyReply, error: AutodiscoverError): FastifyReply {
  return reply.type(XML).send(encodeAutodiscoverError(error, clock.now(), randomInt(2 ** 31)))
}

/** A parameter of the query by its name in any case; null where there is none, or more than one. */
function one(query: unknown, name: string): string | null {
  const found = Object.entries(query ?? {}).filter(([key]) => key.toLowerCase() === name)
  const value: unknown = found.length === 1 ? found[0]![1] : null
  return typeof value === 'string' ? value : null
}
