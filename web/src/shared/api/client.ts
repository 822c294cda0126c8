/**
 * Requests to the JSON API. One intent keeps one Idempotency-Key, also when the request is sent again: after a 401 of an open session, which waits for
 * `sessionEnded` (the dialog that asks for the password), after `confirmation-needed`, which waits for `confirm`, and by the person, where the answer was
 * lost. What was typed is not lost.
 */
import { type ApiProblem, problemFrom, unreachable } from './problem.ts'

export interface Surroundings {
  fetch: typeof fetch
  language(): string
  /** null when nobody is signed in. */
  csrfToken(): string | null
  /** Resolves to true when the same person has signed in again. */
  sessionEnded(): Promise<boolean>
  /** Resolves to true when who is signed in has shown the password once more. */
  confirm(): Promise<boolean>
  /** Resolves to true when the session has another token than it was thought to have, and the same person: another tab signed in again. */
  renewToken(): Promise<boolean>
  /** A second factor is required by now, and there is none. */
  secondFactorToSetUp(): void
  newKey(): string
}

export type Query = Record<string, string | number | boolean | null | undefined>

export interface Options {
  query?: Query
  signal?: AbortSignal
  /** For a creation that may be sent twice by the person, such as after a lost connection. Otherwise each call has its own. */
  idempotencyKey?: string
  /** Don't ask for the password on 401: the request is about signing in itself. */
  anonymous?: boolean
}

export interface Client {
  get<T>(path: string, options?: Options): Promise<T>
  /** An answer to be read as it comes. */
  open(path: string, options?: Options): Promise<Response>
  /** What is not JSON, such as a message. */
  file(path: string, options?: Options): Promise<Blob>
  post<T>(path: string, body?: unknown, options?: Options): Promise<T>
  put<T>(path: string, body?: unknown, options?: Options): Promise<T>
  patch<T>(path: string, body?: unknown, options?: Options): Promise<T>
  delete<T = void>(path: string, options?: Options): Promise<T>
}

/** What creations alike have in common; null of what makes nothing. What signs somebody in holds passwords, and is not remembered. */
const intentOf = (method: string, path: string, body: unknown, { anonymous }: Options): string | null =>
  method === 'POST' && !anonymous ? `${path} ${JSON.stringify(body)}` : null

/** `path` below /api/v1; parameters that are null or undefined are left out. */
export function urlOf(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    if (value !== null && value !== undefined) parameters.set(key, String(value))
  const search = parameters.toString()
  return `/api/v1${path}${search === '' ? '' : `?${search}`}`
}

/** Whoever sends the same later than that wants it done again: a folder emptied once more, another test. */
const SAME_INTENT_MS = 10 * 60_000

export function createClient(around: Surroundings): Client {
  /** Of creations whose answer never came, by what was sent: the service may have made it, and answers their keys as it would have. */
  const unanswered = new Map<string, { key: string; since: number }>()

  async function send(
    method: string,
    path: string,
    body: unknown,
    options: Options,
    key: string | undefined,
  ): Promise<Response> {
    const headers: Record<string, string> = {
      Accept: 'application/json, application/problem+json',
      'Accept-Language': around.language(),
    }
    const token = around.csrfToken()
    if (method !== 'GET' && token !== null) headers['X-CSRF-Token'] = token
    if (key !== undefined) headers['Idempotency-Key'] = key
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    try {
      return await around.fetch(urlOf(path, options.query), {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        credentials: 'same-origin',
        redirect: 'error',
        signal: options.signal,
      })
    } catch (error) {
      if (options.signal?.aborted) throw error
      throw unreachable()
    }
  }

  /** Whether what stood in the way has been put right by the person. */
  async function mended({ status, code }: ApiProblem): Promise<boolean> {
    if (around.csrfToken() === null) return false
    if (status === 401) return around.sessionEnded()
    return code === 'confirmation-needed' && around.confirm()
  }

  /** A good answer; throws what is wrong with another. */
  async function answerTo(method: string, path: string, body: unknown, options: Options): Promise<Response> {
    const intent = intentOf(method, path, body, options)
    const known = intent === null ? undefined : unanswered.get(intent)
    const before = known && Date.now() - known.since < SAME_INTENT_MS ? known : undefined
    const key = method === 'POST' ? (before?.key ?? options.idempotencyKey ?? around.newKey()) : undefined
    if (intent !== null && key !== undefined) unanswered.set(intent, before ?? { key, since: Date.now() })
    const attempt = (): Promise<Response> => send(method, path, body, options, key)
    const token = around.csrfToken()
    let response = await attempt()
    let problem = response.ok ? null : await problemFrom(response)
    // What was sent at the same time may have asked for it already.
    if (problem?.code === 'csrf' && (around.csrfToken() !== token || (await around.renewToken()))) {
      response = await attempt()
      problem = response.ok ? null : await problemFrom(response)
    }
    if (problem !== null && !options.anonymous && (await mended(problem))) {
      response = await attempt()
      problem = response.ok ? null : await problemFrom(response)
    }
    if (problem?.code === 'second-factor-to-set-up' && !options.anonymous) around.secondFactorToSetUp()
    if (problem === null) return response
    // What is under way, or what a proxy says, tells of no end.
    if (intent !== null && problem.status < 500 && problem.code !== 'idempotency-running') unanswered.delete(intent)
    throw problem
  }

  async function read<T>(reading: Promise<T>, { signal }: Options): Promise<T> {
    try {
      return await reading
    } catch (error) {
      if (signal?.aborted) throw error
      throw unreachable()
    }
  }

  async function request<T>(method: string, path: string, body: unknown, options: Options = {}): Promise<T> {
    const response = await answerTo(method, path, body, options)
    const answer = response.status === 204 ? undefined : await read(response.json(), options)
    // Behind another change the same is meant anew: held, released, and held again.
    if (method !== 'GET' && !options.anonymous) unanswered.clear()
    return answer as T
  }

  return {
    get: (path, options) => request('GET', path, undefined, options),
    open: (path, options = {}) => answerTo('GET', path, undefined, options),
    file: async (path, options = {}) => read((await answerTo('GET', path, undefined, options)).blob(), options),
    post: (path, body, options) => request('POST', path, body, options),
    put: (path, body, options) => request('PUT', path, body, options),
    patch: (path, body, options) => request('PATCH', path, body, options),
    delete: (path, options) => request('DELETE', path, undefined, options),
  }
}
