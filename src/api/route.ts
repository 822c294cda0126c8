/**
 * A route of the API as data: who may call it, what it takes and answers, what it does. `register.ts` puts it on the wire;
 * the OpenAPI document and the test of every route by every role are made of the same list.
 */
import type { Static, TSchema } from 'typebox'
import type { Actor } from '../accounts/actor.ts'
import type { Scope } from '../accounts/scopes.ts'
import type { Language, Role } from '../store/types/principals.ts'
import type { EventStream } from './event-stream.ts'

/** `public`: without signing in. Else who may call it; what of it they may see is narrowed by the service that answers. */
export type Access = 'public' | readonly Role[]

export const everyone = ['owner', 'manager', 'staff'] as const satisfies Access
export const managers = ['manager', 'staff'] as const satisfies Access
export const staff = ['staff'] as const satisfies Access

export interface Cookies {
  /** The session's token; `maxAgeSeconds` null: until the browser is closed. */
  setSession(token: string, maxAgeSeconds: number | null): void
  clearSession(): void
  /** The token the request came with; null where it came with none. */
  session(): string | null
}

export interface Call<Params, Query, Body> {
  /** Who calls. On a public route whoever is signed in, else null. */
  actor: Actor | null
  /** Of a token; null for a session, which may do all that its principal may. */
  scopes: readonly string[] | null
  params: Params
  query: Query
  body: Body
  language: Language
  remoteAddress: string
  userAgent: string
  /** As the client named this host, in lower case, without the port. */
  host: string
  cookies: Cookies
}

export interface SignedInCall<Params, Query, Body> extends Call<Params, Query, Body> {
  actor: Actor
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface RouteSchemas {
  params?: TSchema
  query?: TSchema
  body?: TSchema
  /** null: 204, no body. A `RawAnswer` is described by `produces`. */
  response: TSchema | null
}

interface RouteFacts {
  method: Method
  /** Under /api/v1; parameters as `:name`. */
  path: string
  operationId: string
  /** One line for whoever reads the documentation. */
  summary: string
  tag: string
  access: Access
  /** Whether only those with a mailbox may call it. */
  needsMailbox?: boolean
  /** What a token must hold, as `mailboxes:read`; null: no token may call it. */
  scope: Scope | null
  /** Whether the password must have been shown lately. */
  needsConfirmation?: boolean
  /** Whether who has yet to add a second factor may call it already. */
  beforeSecondFactor?: boolean
  /** 200 where nothing is said. */
  status?: 200 | 201 | 202
  /** A POST that makes something: takes an Idempotency-Key. */
  creates?: boolean
  /** Of an answer that isn't JSON. `text/event-stream`: an `EventStream`, whose events are as `response` says. */
  produces?: string
  /** Largest body, in bytes, where it is not `BODY_BYTES`. */
  bodyLimit?: number
}

export interface Route extends RouteFacts {
  schemas: RouteSchemas
  handle(call: Call<unknown, unknown, unknown>): Promise<unknown>
}

type Of<S extends TSchema | undefined> = S extends TSchema ? Static<S> : undefined
type Answer<S extends TSchema | null> = S extends TSchema ? Promise<Static<S> | RawAnswer | EventStream> : Promise<void>

type Definition<
  A extends Access,
  P extends TSchema | undefined,
  Q extends TSchema | undefined,
  B extends TSchema | undefined,
  R extends TSchema | null,
> = RouteFacts & {
  access: A
  params?: P
  query?: Q
  body?: B
  response: R
  handle(call: A extends 'public' ? Call<Of<P>, Of<Q>, Of<B>> : SignedInCall<Of<P>, Of<Q>, Of<B>>): Answer<R>
}

/** Ties the types of the handler to the schemas. */
export function route<
  const A extends Access,
  R extends TSchema | null,
  P extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  B extends TSchema | undefined = undefined,
>(definition: Definition<A, P, Q, B, R>): Route {
  const { params, query, body, response, handle, ...facts } = definition
  const schemas: RouteSchemas = {
    ...(params && { params }),
    ...(query && { query }),
    ...(body && { body }),
    response,
  }
  // `register.ts` calls it with what the schemas let pass, and with an actor where the access asks for one.
  return { ...facts, schemas, handle: handle as Route['handle'] }
}

/** An answer that is not JSON: a picture, a file. */
export class RawAnswer {
  readonly type: string
  readonly body: string | Uint8Array
  readonly headers: Readonly<Record<string, string>>
  constructor(type: string, body: string | Uint8Array, headers: Record<string, string> = {}) {
    this.type = type
    this.body = body
    this.headers = headers
  }
}

/** `attachment` with a name of any script (RFC 6266 §5). */
export function attachment(name: string): Record<string, string> {
  const ascii = name.replace(/[^\w.@-]/g, '_')
  return { 'Content-Disposition': `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}` }
}
