import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { setLanguage } from '../texts/language.ts'
import { type Client, createClient, urlOf } from './client.ts'
import { ApiProblem } from './problem.ts'

interface Sent {
  url: string
  method: string
  headers: Record<string, string>
  body: unknown
}

let sent: Sent[]
let answers: (Response | Error | Promise<Response>)[]
let token: string | null
let signedInAgain: boolean
let asked: number
let confirms: boolean
let renewed: string | null
let client: Client

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...headers },
  })

beforeEach(() => {
  setLanguage('fr', false)
  sent = []
  answers = []
  token = 'token-1'
  signedInAgain = true
  asked = 0
  confirms = true
  renewed = null
  let key = 0
  client = createClient({
    fetch: async (url, init) => {
      sent.push({
        url: String(url),
        method: init?.method ?? '',
        headers: { ...(init?.headers as Record<string, string>) },
        body: init?.body,
      })
      const answer = await answers.shift()
      if (answer instanceof Response) return answer
      throw answer ?? new TypeError('Failed to fetch')
    },
    language: () => 'en',
    csrfToken: () => token,
    sessionEnded: async () => {
      asked++
      if (signedInAgain) token = 'token-2'
      return signedInAgain
    },
    confirm: async () => confirms,
    renewToken: async () => {
      if (renewed !== null) token = renewed
      return renewed !== null
    },
    secondFactorToSetUp: () => {},
    newKey: () => `key-${++key}`,
  })
})

afterEach(() => {
  vi.useRealTimers()
})

describe('addresses', () => {
  it('are below /api/v1 and leave out what is not given', () => {
    expect(urlOf('/mailboxes', { search: 'a b&c', after: null, limit: 50, all: false, x: undefined })).toBe(
      '/api/v1/mailboxes?search=a+b%26c&limit=50&all=false',
    )
    expect(urlOf('/service')).toBe('/api/v1/service')
  })
})

describe('requests', () => {
  it('that read carry the language and no token', async () => {
    answers = [json(200, { name: 'x' })]
    expect(await client.get('/service')).toEqual({ name: 'x' })
    expect(sent[0]).toMatchObject({ method: 'GET', url: '/api/v1/service', body: undefined })
    expect(sent[0]?.headers).toMatchObject({ 'Accept-Language': 'en' })
    expect(sent[0]?.headers).not.toHaveProperty('X-CSRF-Token')
    expect(sent[0]?.headers).not.toHaveProperty('Idempotency-Key')
    expect(sent[0]?.headers).not.toHaveProperty('Content-Type')
  })

  it('that change carry the token, and creations a key', async () => {
    answers = [json(201, {}), json(200, {}), new Response(null, { status: 204 })]
    await client.post('/mailboxes', { address: 'alice@example.org' })
    await client.patch('/mailboxes/1', { quota: 1 })
    expect(await client.delete('/mailboxes/1')).toBeUndefined()
    expect(sent.map(({ headers }) => headers['X-CSRF-Token'])).toEqual(['token-1', 'token-1', 'token-1'])
    expect(sent.map(({ headers }) => headers['Idempotency-Key'])).toEqual(['key-1', undefined, undefined])
    expect(sent[0]?.body).toBe('{"address":"alice@example.org"}')
    expect(sent[0]?.headers['Content-Type']).toBe('application/json')
  })

  it('of different intents have different keys, one sent again keeps its own', async () => {
    answers = [json(201, {}), json(201, {}), json(201, {})]
    await client.post('/a', {})
    await client.post('/a', {})
    await client.post('/a', {}, { idempotencyKey: 'mine' })
    expect(sent.map(({ headers }) => headers['Idempotency-Key'])).toEqual(['key-1', 'key-2', 'mine'])
  })
})

describe('problems', () => {
  it('carry code, text, fields and the time to wait', async () => {
    const details = {
      status: 429,
      code: 'too_many',
      title: 'Too many.',
      detail: 'Wait a little.',
      retryAfterSeconds: 5,
      errors: [
        { field: 'address', code: 'address-taken', message: 'Taken.' },
        { field: 'quota', code: 'minimum', message: 'must be >= 1' },
      ],
    }
    answers = [json(429, details, { 'Retry-After': '30' }), json(429, details)]
    const problem = await client.get('/x').catch(error => error)
    expect(problem).toBeInstanceOf(ApiProblem)
    expect(problem).toMatchObject({
      status: 429,
      code: 'too_many',
      message: 'Too many. Wait a little.',
      fields: [
        { field: 'address', text: 'Taken.' },
        { field: 'quota', text: 'C’est trop petit.' },
      ],
      retryAfter: 30,
    })
    await expect(client.get('/x')).rejects.toMatchObject({ retryAfter: 5 })
  })

  it('of a proxy that answers in HTML are unexpected', async () => {
    answers = [new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'Content-Type': 'text/html' } })]
    await expect(client.get('/x')).rejects.toMatchObject({ status: 502, code: 'unexpected' })
  })

  it('of a lost connection, or an answer cut short, are told as such', async () => {
    answers = [new TypeError('Failed to fetch'), new Response('{"a":', { status: 200 })]
    await expect(client.get('/x')).rejects.toMatchObject({ status: 0, code: 'unreachable' })
    await expect(client.get('/x')).rejects.toMatchObject({ status: 0, code: 'unreachable' })
  })

  it('are not made of what was given up', async () => {
    const abort = new AbortController()
    abort.abort()
    const given = new DOMException('given up', 'AbortError')
    answers = [given]
    await expect(client.get('/x', { signal: abort.signal })).rejects.toBe(given)
  })
})

describe('a session that has ended', () => {
  const ended = (): Response => json(401, { status: 401, code: 'signed_out', title: 'Signed out' })

  it('is opened anew, and the request repeated with its key and the new token', async () => {
    answers = [ended(), json(201, { id: 7 })]
    expect(await client.post('/mailboxes', { a: 1 })).toEqual({ id: 7 })
    expect(asked).toBe(1)
    expect(sent.map(({ headers }) => [headers['X-CSRF-Token'], headers['Idempotency-Key']])).toEqual([
      ['token-1', 'key-1'],
      ['token-2', 'key-1'],
    ])
  })

  it('fails the request when nobody signs in, and once only when it ends again', async () => {
    signedInAgain = false
    answers = [ended()]
    await expect(client.get('/x')).rejects.toMatchObject({ status: 401 })
    signedInAgain = true
    answers = [ended(), ended()]
    await expect(client.get('/x')).rejects.toMatchObject({ status: 401 })
    expect(asked).toBe(2)
  })

  it('is not asked about by requests that sign in, nor where there was none', async () => {
    answers = [ended(), ended()]
    await expect(client.get('/session', { anonymous: true })).rejects.toMatchObject({ status: 401 })
    token = null
    await expect(client.get('/x')).rejects.toMatchObject({ status: 401 })
    expect(asked).toBe(0)
  })
})

describe('a session that another tab has opened anew', () => {
  const expired = (): Response => json(403, { status: 403, code: 'csrf', title: 'The page has expired.' })

  it('is asked for its token, and the request repeated with that and its key', async () => {
    renewed = 'token-2'
    answers = [expired(), json(201, { id: 7 })]
    expect(await client.post('/mailboxes', { a: 1 })).toEqual({ id: 7 })
    expect(sent.map(({ headers }) => [headers['X-CSRF-Token'], headers['Idempotency-Key']])).toEqual([
      ['token-1', 'key-1'],
      ['token-2', 'key-1'],
    ])
  })

  it('signs out and in as well, which ask nobody for a password', async () => {
    renewed = 'token-2'
    answers = [expired(), new Response(null, { status: 204 })]
    await client.delete('/session', { anonymous: true })
    expect(sent.map(({ headers }) => headers['X-CSRF-Token'])).toEqual(['token-1', 'token-2'])
    expect(asked).toBe(0)
  })

  it('is asked once by what was sent together', async () => {
    renewed = 'token-2'
    const late = Promise.withResolvers<Response>()
    answers = [late.promise, expired(), json(201, { id: 7 }), json(201, { id: 8 })]
    const first = client.post('/mailboxes', { a: 1 })
    await client.post('/mailboxes', { a: 2 })
    renewed = null
    late.resolve(expired())
    expect(await first).toEqual({ id: 8 })
  })

  it('needs the password once more where that was long ago', async () => {
    renewed = 'token-2'
    answers = [expired(), json(403, { status: 403, code: 'confirmation-needed', title: 'Confirm.' }), json(200, {})]
    await client.put('/recovery-address', {})
    expect(sent).toHaveLength(3)
  })

  it('of somebody else is sent nothing', async () => {
    answers = [expired()]
    await expect(client.post('/mailboxes', { a: 1 })).rejects.toMatchObject({ code: 'csrf' })
    expect(sent).toHaveLength(1)
  })
})

describe('a creation whose answer was lost', () => {
  const keys = (): (string | undefined)[] => sent.map(({ headers }) => headers['Idempotency-Key'])
  const cut = (): Response => new Response('{"a":', { status: 201 })

  it.each<[string, () => Response | Error]>([
    ['with the connection', () => new TypeError('Failed to fetch')],
    ['half way', cut],
    ['by a proxy', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
    ['while it is under way', () => json(409, { status: 409, code: 'idempotency-running', title: 'Under way.' })],
  ])('%s is sent again with its key, until there is one', async (_, lost) => {
    answers = [lost(), json(201, { id: 7 }), json(201, { id: 8 })]
    await expect(client.post('/mailboxes', { a: 1 })).rejects.toBeInstanceOf(ApiProblem)
    expect(await client.post('/mailboxes', { a: 1 })).toEqual({ id: 7 })
    expect(await client.post('/mailboxes', { a: 1 })).toEqual({ id: 8 })
    expect(keys()).toEqual(['key-1', 'key-1', 'key-2'])
  })

  it('is another behind something else that was done, and after ten minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 })
    const lost = () => new TypeError('Failed to fetch')
    answers = [lost(), json(200, {}), lost(), json(200, {})]
    await expect(client.post('/queue', { action: 'hold' })).rejects.toMatchObject({ code: 'unreachable' })
    await client.post('/queue', { action: 'release' })
    await expect(client.post('/queue', { action: 'hold' })).rejects.toMatchObject({ code: 'unreachable' })
    vi.setSystemTime(10 * 60_000)
    await client.post('/queue', { action: 'hold' })
    expect(keys()).toEqual(['key-1', 'key-2', 'key-3', 'key-4'])
  })

  it('is another where something else is sent, or it was refused', async () => {
    answers = [new TypeError('Failed to fetch'), json(409, { status: 409, code: 'mailbox-exists', title: 'Exists.' })]
    await expect(client.post('/mailboxes', { a: 1 })).rejects.toMatchObject({ code: 'unreachable' })
    await expect(client.post('/mailboxes', { a: 2 })).rejects.toMatchObject({ code: 'mailbox-exists' })
    answers = [json(201, {})]
    await client.post('/mailboxes', { a: 2 })
    expect(keys()).toEqual(['key-1', 'key-2', 'key-3'])
  })
})

describe('what needs the password once more', () => {
  const needed = (): Response => json(403, { status: 403, code: 'confirmation-needed', title: 'Confirm.' })

  it('is repeated once it has been shown', async () => {
    answers = [needed(), json(201, { id: 7 })]
    expect(await client.post('/app-passwords', {})).toEqual({ id: 7 })
    expect(sent.map(({ headers }) => headers['Idempotency-Key'])).toEqual(['key-1', 'key-1'])
  })

  it('fails when it is not', async () => {
    confirms = false
    answers = [needed()]
    await expect(client.post('/app-passwords', {})).rejects.toMatchObject({ code: 'confirmation-needed' })
    expect(sent).toHaveLength(1)
  })

  it('is not mistaken for what is simply not allowed', async () => {
    answers = [json(403, { status: 403, code: 'not-allowed', title: 'No.' })]
    await expect(client.post('/x', {})).rejects.toMatchObject({ code: 'not-allowed' })
    expect(sent).toHaveLength(1)
  })
})
