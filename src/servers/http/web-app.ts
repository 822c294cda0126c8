/**
 * What answers on HTTPS: the API, its documentation, and the web application's files. One application for all listeners;
 * it holds no socket itself.
 */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import staticFiles from '@fastify/static'
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { scopes } from '../../accounts/scopes.ts'
import { API_PREFIX } from '../../api/prefix.ts'
import { type ApiOptions, refuseUnread, registerApi } from '../../api/register.ts'
import { addressGroup, canonicalAddress } from '../../ops/network-address.ts'
import { apiDocument } from './api-document.ts'
import { WEB_HEADER_BYTES, WEB_REQUEST_MS } from './limits.ts'
import { isPageAddress } from './page-address.ts'

export interface WebAppOptions extends ApiOptions {
  /** The folder of the built web application. */
  webFolder: string
  version: string
  /** The address of a request as it is looked up. */
  rewriteUrl(url: string): string
  /** Routes beside the API, as those that mail programs ask for their settings. */
  others: readonly ((app: FastifyInstance) => void)[]
}

/** Nothing from elsewhere, nothing inline, in nobody's frame. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
}

const YEAR_SECONDS = 365 * 24 * 60 * 60

export async function createWebApp(options: WebAppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    // The listeners are made beside it: see `web-listener.ts`.
    http: { maxHeaderSize: WEB_HEADER_BYTES },
    requestTimeout: WEB_REQUEST_MS,
    rewriteUrl: ({ url }) => options.rewriteUrl(url ?? '/'),
    routerOptions: { caseSensitive: true, ignoreTrailingSlash: true, maxParamLength: 400 },
    // JSON with __proto__ in it is an attempt at something, never a form.
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    frameworkErrors: (error, request, reply: FastifyReply) => {
      if (request.url.startsWith(`${API_PREFIX}/`)) return refuseUnread(error, request, reply)
      return notFound(reply)
    },
  })
  await app.register(helmet, {
    contentSecurityPolicy,
    // A self-signed certificate with it would lock people out of other services of the host.
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    xPermittedCrossDomainPolicies: { permittedPolicies: 'none' },
  })
  await app.register(cookie)
  await app.register(
    async api => {
      await api.register(swagger, { openapi: documentation(options.version) })
      await api.register(async routes => {
        registerApi(routes, options)
        routes.get('/openapi.json', {
          schema: { hide: true },
          async onRequest({ ip }) {
            options.rateLimit.take(addressGroup(canonicalAddress(ip)))
          },
          handler: apiDocument(() => api.swagger()),
        })
      })
    },
    { prefix: API_PREFIX },
  )
  for (const other of options.others) await app.register(async scope => other(scope))
  await serveWebApplication(app, options.webFolder)
  await app.ready()
  return app
}

/**
 * Addresses of pages are the application's own: whatever is no file is answered with it.
 *
 * Both come after all routes: a wildcard's route would come before the API's own answer to an unknown address, and routes of
 * each file would be some hundreds, made anew at each start.
 */
async function serveWebApplication(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(path.join(folder, 'index.html'))) {
    app.get('/', (_, reply) =>
      reply.code(503).type('text/plain; charset=utf-8').send('The web application is not built: npm run build:web\n'),
    )
    return
  }
  await app.register(staticFiles, {
    root: folder,
    serve: false,
    cacheControl: false,
    // The build has each file as Brotli and gzip beside it: web/dev/compress.ts.
    preCompressed: true,
    setHeaders(reply, file) {
      // Names under /assets hold the hash of what is in them.
      const kept = file.startsWith(path.join(folder, 'assets') + path.sep)
      reply.header('Cache-Control', kept ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache')
    },
  })
  const files = new Set(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => `/${path.relative(folder, path.join(entry.parentPath, entry.name))}`),
  )
  app.setNotFoundHandler((request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return notFound(reply)
    const pathname = request.url.split('?', 1)[0] ?? ''
    if (files.has(pathname)) return reply.sendFile(pathname)
    return isPageAddress(pathname) ? reply.sendFile('index.html') : notFound(reply)
  })
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).type('text/plain; charset=utf-8').send('Not found\n')
}

function documentation(version: string): NonNullable<FastifyDynamicSwaggerOptions['openapi']> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Facteur',
      version,
      description:
        'Everything the panels do. Errors are problem details (RFC 9457) in French or English, by Accept-Language. Lists are paged: `after` takes the `next` of the page before.',
    },
    servers: [{ url: '/' }],
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-facteur' },
        token: { type: 'http', scheme: 'bearer', description: `Scopes: ${scopes.join(', ')}` },
      },
    },
  }
}
