/**
 * The routes on the wire: for each request, in this order: who calls, whether this page sent it (CSRF), whether they may,
 * whether it is what the schema asks for, whether it was done before; then the handler. All refusals are problem details.
 */
import { timingSafeEqual } from 'node:crypto'
import type {} from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import { addressGroup, canonicalAddress } from '../ops/network-address.ts'
import type { Language } from '../store/types/principals.ts'
import { Addresses } from './addresses.ts'
import { authenticate, type Caller, SESSION_COOKIE } from './authenticate.ts'
import { EventStream, EventStreams } from './event-stream.ts'
import { fieldText } from './field-texts.ts'
import type { Idempotency, KeptAnswer } from './idempotency.ts'
import { lastAnswer } from './last-answer.ts'
import { BODY_BYTES, DRAINED_BYTES, IDEMPOTENCY_KEY_CHARACTERS } from './limits.ts'
import { ApiProblem, type Problem, problemOf, requireScope, textOf } from './problem.ts'
import type { RateLimit } from './rate-limit.ts'
import { type Call, type Cookies, RawAnswer, type Route } from './route.ts'
import { ProblemSchema } from './schemas.ts'
import { serializer } from './serialization.ts'
import type { ApiServices } from './services.ts'
import { ValidationError, validator } from './validation.ts'

export interface ApiOptions {
  clock: Clock
  routes: readonly Route[]
  services: Pick<ApiServices, 'sessions' | 'tokens'>
  idempotency: Idempotency
  rateLimit: RateLimit
  log: Log
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
  }
}

/** An instance of fastify for `API_PREFIX`. */
export function registerApi(app: FastifyInstance, options: ApiOptions): void {
  const { log } = options
  app.setValidatorCompiler(({ schema, httpPart }) => validator(schema as object, httpPart ?? 'body'))
  app.setSerializerCompiler(({ schema }) => serializer(schema as object))
  // Many clients name the type of JSON on every request, those without a body included.
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') done(null, undefined)
    else parse(request, text.toString(), done)
  })
  app.removeContentTypeParser('text/plain')
  app.decorateRequest('caller', null)
  app.setErrorHandler((error, request, reply) => {
    const language = languageOf(request)
    const known =
      error instanceof ValidationError
        ? invalid(error, language)
        : (problemOf(error, language) ?? ofFastify(error, language))
    if (known?.code === 'too-large' && Number(request.headers['content-length']) <= DRAINED_BYTES)
      return sendBeforeBody(request, reply, known)
    if (known) return send(reply, known)
    log.error({ err: error, method: request.method, route: request.routeOptions.url }, 'API request failed')
    return send(reply, textOf('internal', {}, language))
  })
  const addresses = new Addresses()
  app.addHook('onRoute', ({ url, method }) => addresses.add(url, [method].flat()))
  app.setNotFoundHandler((request, reply) => {
    const methods = addresses.methodsOf(request.url)
    if (methods.length === 0) return send(reply, textOf('no-such-route', {}, languageOf(request)))
    return send(reply.header('Allow', methods.join(', ')), textOf('method-not-allowed', {}, languageOf(request)))
  })
  const streams = new EventStreams(options.clock)
  app.addHook('preClose', async () => streams.end())
  for (const route of options.routes) register(app, route, { ...options, streams })
}

/** What fastify can't even read the address of: no route's handler hears of it. */
export function refuseUnread(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = languageOf(request)
  return send(reply, ofFastify(error, language) ?? textOf('internal', {}, language))
}

function register(app: FastifyInstance, route: Route, options: ApiOptions & { streams: EventStreams }): void {
  const { params, query, body } = route.schemas
  const status = route.status ?? (route.schemas.response === null ? 204 : 200)
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: route.bodyLimit ?? BODY_BYTES,
    schema: {
      operationId: route.operationId,
      summary: route.summary,
      tags: [route.tag],
      security: securityOf(route),
      ...(params && { params }),
      ...(query && { querystring: query }),
      ...(body && { body }),
      response: { ...answersOf(route, status), '4xx': ProblemSchema },
    },
    async onRequest(request) {
      options.rateLimit.take(addressGroup(canonicalAddress(request.ip)))
      request.caller = await callerOf(request, options)
      checkOrigin(request)
      checkAccess(route, request.caller)
    },
    async preHandler(request) {
      if (!body) refuseBody(request.body)
    },
    async handler(request, reply) {
      const perform = async (): Promise<unknown> => route.handle(callOf(request, reply))
      const key = route.creates ? keyOf(request) : null
      const principalId = request.caller?.actor.principalId ?? null
      reply.header('Cache-Control', 'no-store')
      if (route.produces === 'text/event-stream') return sendStream(request, reply, await perform(), route, options)
      if (key === null || principalId === null) return answer(reply, status, await perform())
      const kept = await options.idempotency.begin(principalId, key, [route.operationId, request.params, request.body])
      if (kept) return answerAgain(reply, kept)
      let result: unknown
      try {
        result = await perform()
      } catch (error) {
        await options.idempotency.forget(principalId, key)
        throw error
      }
      if (result instanceof RawAnswer) throw new Error(`${route.operationId} makes something and answers with a file`)
      // Through the schema, as the first answer: what is not in it never leaves, the second time neither.
      const body = status === 204 ? '' : reply.code(status).serialize(result).toString()
      await options.idempotency.finish(principalId, key, { status, body })
      return answerAgain(reply, { status, body })
    },
  })
}

/** What a stream of events needs to go on after its first answer. */
function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  result: unknown,
  route: Route,
  options: ApiOptions & { streams: EventStreams },
): FastifyReply {
  if (!(result instanceof EventStream)) throw new Error(`${route.operationId} answers with no stream`)
  const serialize = serializer(route.schemas.response ?? {})
  return options.streams.send(reply, result, {
    holder: String(request.caller?.actor.principalId),
    async isAllowed() {
      try {
        checkAccess(route, await callerOf(request, options))
        return true
      } catch (error) {
        if (error instanceof ApiProblem) return false
        throw error
      }
    },
    serialize,
  })
}

const callerOf = ({ cookies, headers, ip }: FastifyRequest, { services }: ApiOptions): Promise<Caller | null> =>
  authenticate(services, {
    cookie: cookies[SESSION_COOKIE],
    authorization: headers.authorization,
    remoteAddress: canonicalAddress(ip),
  })

function answersOf({ produces, schemas: { response } }: Route, status: number): Record<number, object> {
  if (response === null) return { 204: { type: 'null' } }
  if (produces === undefined) return { [status]: response }
  const schema = { type: 'string', format: 'binary' }
  return { 200: { description: 'As it is', content: { [produces]: { schema } } } }
}

/** What the documentation says of it: a cookie, or a token with its scope. */
function securityOf({ access, scope }: Route): Record<string, string[]>[] {
  if (access === 'public') return []
  return [{ session: [] }, ...(scope === null ? [] : [{ token: [scope] }])]
}

/**
 * Another site's page can make a browser send requests here with the cookie, but can neither read the session's token nor
 * name another origin than its own. Tokens of programs are sent by nobody unasked.
 */
function checkOrigin(request: FastifyRequest): void {
  const { caller, method, headers } = request
  if (method === 'GET' || method === 'HEAD' || headers.authorization !== undefined) return
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new ApiProblem('csrf')
  const { origin, host } = headers
  if (origin !== undefined && URL.parse(origin)?.host !== host) throw new ApiProblem('csrf')
  if (caller?.csrfToken == null) return
  const shown = headers['x-csrf-token']
  if (typeof shown !== 'string' || !equal(shown, caller.csrfToken)) throw new ApiProblem('csrf')
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function checkAccess(route: Route, caller: Caller | null): void {
  if (route.access === 'public') return
  if (!caller) throw new ApiProblem('not-signed-in')
  const { actor, scopes, isConfirmed, mustSetUpSecondFactor } = caller
  if (actor.role === 'system' || !route.access.includes(actor.role)) throw new ApiProblem('not-allowed')
  if (route.needsMailbox && !actor.hasMailbox) throw new ApiProblem('not-allowed')
  if (scopes !== null && route.scope === null) throw new ApiProblem('not-allowed')
  if (route.scope !== null) requireScope(scopes, route.scope)
  if (mustSetUpSecondFactor && !route.beforeSecondFactor) throw new ApiProblem('second-factor-to-set-up')
  if (route.needsConfirmation && !isConfirmed) throw new ApiProblem('confirmation-needed')
}

/** Where nothing is taken, what is sent is a mistake that is better told than ignored. */
function refuseBody(sent: unknown): void {
  const isNothing = sent === undefined || sent === null
  const names = !isNothing && typeof sent === 'object' ? Object.keys(sent) : ['']
  if (isNothing || names.length === 0) return
  throw new ValidationError(names.map(field => ({ field, code: 'unknown', limit: 0 })))
}

function callOf(request: FastifyRequest, reply: FastifyReply): Call<unknown, unknown, unknown> {
  return {
    actor: request.caller?.actor ?? null,
    scopes: request.caller?.scopes ?? null,
    params: request.params,
    query: request.query,
    body: request.body,
    language: languageOf(request),
    remoteAddress: canonicalAddress(request.ip),
    userAgent: request.headers['user-agent'] ?? '',
    host: request.hostname.toLowerCase(),
    cookies: cookiesOf(request, reply),
  }
}

function cookiesOf(request: FastifyRequest, reply: FastifyReply): Cookies {
  const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const
  return {
    session: () => request.cookies[SESSION_COOKIE] ?? null,
    setSession: (token, maxAgeSeconds) =>
      void reply.setCookie(SESSION_COOKIE, token, {
        ...attributes,
        ...(maxAgeSeconds === null ? {} : { maxAge: maxAgeSeconds }),
      }),
    clearSession: () => void reply.clearCookie(SESSION_COOKIE, attributes),
  }
}

function keyOf({ headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key === 'string' && /^[\x21-\x7e]+$/.test(key) && key.length <= IDEMPOTENCY_KEY_CHARACTERS) return key
  const message = `between 1 and ${IDEMPOTENCY_KEY_CHARACTERS} visible ASCII characters`
  throw new ApiProblem('invalid-request', { errors: [{ field: 'Idempotency-Key', code: 'invalid', message }] })
}

function answer(reply: FastifyReply, status: number, result: unknown): FastifyReply {
  if (!(result instanceof RawAnswer)) return reply.code(status).send(result)
  return reply
    .code(200)
    .headers(result.headers)
    .type(result.type)
    .send(typeof result.body === 'string' ? result.body : Buffer.from(result.body))
}

function answerAgain(reply: FastifyReply, { status, body }: KeptAnswer): FastifyReply {
  if (status === 204) return reply.code(204).send()
  return reply.code(status).type('application/json; charset=utf-8').serializer(String).send(body)
}

/** The first of the languages the client asks for that we speak; programs that ask for none get English. */
export function languageOf({ headers }: Pick<FastifyRequest, 'headers'>): Language {
  const asked = headers['accept-language'] ?? ''
  const ranked = asked
    .split(',')
    .map(part => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const quality = parameters.map(parameter => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean)
      return { language: tag.split('-')[0], quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ language, quality }) => (language === 'fr' || language === 'en') && quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
  return ranked[0]?.language === 'fr' ? 'fr' : 'en'
}

function invalid({ errors }: ValidationError, language: Language): Problem {
  const told = errors.map(({ field, code, limit }) => ({ field, code, message: fieldText(code, limit, language) }))
  return { ...textOf('invalid-request', {}, language), errors: told }
}

/** What fastify refuses before a handler runs. */
function ofFastify(error: unknown, language: Language): Problem | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return textOf('too-large', {}, language)
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return textOf('not-json', {}, language)
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return status >= 400 && status < 500 ? textOf('invalid-request', {}, language) : null
}

function send(reply: FastifyReply, problem: Problem): FastifyReply {
  return headed(reply, problem).serializer(JSON.stringify).send(problem)
}

/** While the body is still coming in, which is read and thrown away. Where the client wants it, the connection ends behind it. */
function sendBeforeBody(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  if (reply.raw.shouldKeepAlive) return send(reply.header('Connection', 'keep-alive'), problem)
  const text = JSON.stringify(problem)
  return headed(reply, problem)
    .header('Connection', 'close')
    .header('Content-Length', Buffer.byteLength(text))
    .send(lastAnswer(text, request.raw))
}

function headed(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.retryAfterSeconds !== undefined) reply.header('Retry-After', problem.retryAfterSeconds)
  if (problem.status === 401) reply.header('WWW-Authenticate', 'Bearer realm="facteur"')
  return reply.code(problem.status).header('Cache-Control', 'no-store').type('application/problem+json; charset=utf-8')
}
