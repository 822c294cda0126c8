/** Second factors against the whole service: added, asked for, required, lost and reset. */
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SoftwarePasskey } from '../support/software-passkey.ts'
import { type Answer, ApiClient } from './api-client.ts'
import { signInOver } from './mail-sign-in.ts'
import { type Service, startService } from './service.ts'

const password = 'correct horse'
let service: Service
let staff: ApiClient
let number = 0
let address: string
let client: ApiClient

beforeAll(async () => {
  service = await startService()
  await service.cli(['domain', 'add', 'example.org'])
  await service.cli(['mailbox', 'add', 'support@example.org', '--password-stdin'], { stdin: password })
  await service.cli(['user', 'role', 'support@example.org', 'staff'])
  staff = new ApiClient(service)
  await staff.signIn('support@example.org', password)
})
afterAll(() => service.stop())
beforeEach(async () => {
  address = `alice${++number}@example.org`
  await service.cli(['mailbox', 'add', address, '--password-stdin'], { stdin: password })
  client = new ApiClient(service)
  await client.signIn(address, password)
})

/** Each is good once, and a later one has to follow: now for the first, `ahead` for the second. */
const codeOf = (secret: string, steps: 'now' | 'ahead'): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: Date.now() + (steps === 'ahead' ? 30_000 : 0),
  })

async function addCodes(): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = (await client.post('/second-factor/codes')).json
  const confirmed = await client.post('/second-factor/codes/confirmation', { code: codeOf(secret, 'now') })
  expect(confirmed.status).toBe(200)
  return { secret, recoveryCodes: confirmed.json.recoveryCodes }
}

async function addPasskey(): Promise<SoftwarePasskey> {
  const passkey = new SoftwarePasskey()
  const { options, token } = (await client.post('/second-factor/passkeys/options')).json
  const body = { label: 'Key', passkey: { token, response: passkey.create(options) } }
  expect((await client.post('/second-factor/passkeys', body)).status).toBe(201)
  return passkey
}

/** What the password alone gives now. */
async function firstStep(from = new ApiClient(service)): Promise<{ from: ApiClient; token: string; answer: Answer }> {
  const answer = await from.signIn(address, password)
  return { from, token: answer.json.secondFactor?.token, answer }
}

describe('codes of an app', () => {
  it('are asked for after the password, once each, and mail programs need app passwords from then on', async () => {
    expect(await signInOver(service, 'imaps', address, password)).toMatchObject({ ok: true })
    const { secret, recoveryCodes } = await addCodes()
    expect(recoveryCodes).toHaveLength(10)
    expect((await client.get('/second-factor')).json).toMatchObject({
      isOn: true,
      isRequired: false,
      passkeys: [],
      recoveryCodes: { left: 10, total: 10 },
    })

    const { from, token, answer } = await firstStep()
    expect(answer.json).toEqual({ secondFactor: { methods: ['code', 'recovery-code'], token } })
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect((await from.get('/session')).status).toBe(401)
    const code = codeOf(secret, 'ahead')
    const opened = await from.post('/session/second-factor', { token, code })
    expect(opened.json).toMatchObject({ principal: { address }, mustSetUpSecondFactor: false })
    expect((await from.get('/session')).status).toBe(200)

    const again = await firstStep()
    const replayed = await again.from.post('/session/second-factor', { token: again.token, code })
    expect(replayed.json).toMatchObject({ status: 403, code: 'second-step-refused' })
    const recovered = await again.from.post('/session/second-factor', { token: again.token, code: recoveryCodes[3] })
    expect(recovered.status).toBe(200)

    const refused = 'An app password is needed here: make one in the panel, under Security'
    expect((await signInOver(service, 'imaps', address, password)).said).toBe(`a NO [ALERT] ${refused}`)
    expect((await signInOver(service, 'pop3s', address, password)).said).toBe(`-ERR [AUTH] ${refused}`)
    expect((await signInOver(service, 'submissions', address, password)).said).toBe(`534 5.7.9 ${refused}`)
    const made = await client.post('/app-passwords', { label: 'Phone', protocols: ['imap', 'pop3', 'submission'] })
    for (const protocol of ['imaps', 'pop3s', 'submissions'] as const)
      expect(await signInOver(service, protocol, address, made.json.secret)).toMatchObject({ ok: true })
    const seen = async () =>
      (await client.get('/sign-ins')).json.items.map(
        (item: { outcome: string; credential: string }) => `${item.outcome} ${item.credential}`,
      )
    // The last of them: what came before is written with it or was before.
    await expect.poll(seen).toContain('ok app-password')
    const outcomes = await seen()
    expect(outcomes).toContain('app-password-needed password')
    expect(outcomes).toContain('wrong-second-factor password-and-code')
    expect(outcomes).toContain('ok password-and-recovery-code')
  })

  it('are told of by mail, and leave the secret nowhere', async () => {
    const { secret } = await addCodes()
    const { items } = (await staff.get(`/audit?search=${encodeURIComponent(address)}`)).json
    expect(items.map(({ action }: { action: string }) => action)).toContain('second-factor.codes-added')
    expect(JSON.stringify(items)).not.toContain(secret)
    expect(JSON.stringify(service.log)).not.toContain(secret)
    expect((await client.get('/second-factor')).text).not.toContain(secret)
    const listed = await service.cli(['mailbox', 'list', '--json'])
    const messages = JSON.parse(listed.stdout).find((row: { address: string }) => row.address === address).messages
    expect(messages).toBe(1)
  })

  it('end the other sessions, and can be taken away again', async () => {
    const other = new ApiClient(service)
    await other.signIn(address, password)
    await addCodes()
    expect((await other.get('/session')).status).toBe(401)
    expect((await client.get('/session')).status).toBe(200)
    expect((await client.delete('/second-factor/codes')).status).toBe(204)
    expect((await firstStep()).answer.json.principal).toMatchObject({ address })
    expect(await signInOver(service, 'imaps', address, password)).toMatchObject({ ok: true })
  })
})

describe('a passkey', () => {
  it('signs in alone, and after the password', async () => {
    const passkey = await addPasskey()
    const alone = new ApiClient(service)
    const asked = (await alone.post('/session/passkey-options')).json
    expect(asked.options).toMatchObject({
      rpId: 'localhost',
      userVerification: 'required',
    })
    expect(asked.options).not.toHaveProperty('allowCredentials')
    const body = { passkey: { token: asked.token, response: passkey.get(asked.options) }, remember: true }
    const opened = await alone.post('/session/passkey', body)
    expect(opened.json.principal).toMatchObject({ address })
    expect((await new ApiClient(service).post('/session/passkey', body)).json.code).toBe('second-step-refused')

    const { from, token } = await firstStep()
    const second = (await from.post('/session/passkey-options', { token })).json
    const proof = { token: second.token, response: passkey.get(second.options, { verified: false }) }
    expect((await from.post('/session/second-factor', { token, passkey: proof })).status).toBe(200)
  })

  it('of another origin opens nothing', async () => {
    const passkey = await addPasskey()
    const from = new ApiClient(service)
    const asked = (await from.post('/session/passkey-options')).json
    const response = passkey.get(asked.options, { origin: 'https://localhost.evil.test' })
    const answer = await from.post('/session/passkey', { passkey: { token: asked.token, response }, remember: false })
    expect(answer.json.code).toBe('second-step-refused')
    expect(from.cookie).toBeNull()
  })
})

describe('signing in', () => {
  it('gives a new session, and ends the one that was open in the browser', async () => {
    const before = { cookie: client.cookie, csrfToken: client.csrfToken }
    await client.signIn(address, password)
    expect(client.cookie).not.toBe(before.cookie)
    const old = Object.assign(new ApiClient(service), before)
    expect((await old.get('/session')).status).toBe(401)
  })

  it.each([
    ['two proofs', { token: 'x', code: '123456', passkey: { token: 'x', response: {} } }],
    ['no proof', { token: 'x' }],
    ['no token', { code: '123456' }],
  ])('in the second step with %s is refused', async (_, body) => {
    expect((await new ApiClient(service).post('/session/second-factor', body)).json.code).toBe('invalid-request')
  })

  it('in the second step with a token that was made up starts over', async () => {
    const answer = await new ApiClient(service).post('/session/second-factor', { token: 'made-up', code: '123456' })
    expect(answer.json).toMatchObject({ status: 401, code: 'second-step-over' })
  })

  it('does not tell whether there is such a mailbox, nor whether it has a second factor', async () => {
    await addCodes()
    const guess = (name: string) =>
      new ApiClient(service).post('/session', { address: name, password: 'wrong', remember: false })
    const [mine, nobodys] = [await guess(address), await guess('nobody@example.org')]
    expect(mine.json).toEqual(nobodys.json)
    expect(mine.status).toBe(401)
  })
})

describe('a second factor that is required', () => {
  const required = async (): Promise<number> => {
    const { principalId } = (await client.get('/session')).json.principal
    expect((await staff.patch(`/users/${principalId}`, { secondFactorRequired: true })).status).toBe(200)
    return principalId
  }

  it('leaves nothing to do but to add one', async () => {
    await required()
    const session = await client.get('/session')
    expect(session.json.mustSetUpSecondFactor).toBe(true)
    const { paths } = (await client.get('/openapi.json')).json
    const refused: string[] = []
    const allowed: string[] = []
    for (const path of Object.keys(paths)) {
      if (!paths[path].get || /[{]|openapi/.test(path)) continue
      const { json, status } = await client.call('GET', path)
      if (json?.code === 'second-factor-to-set-up') refused.push(path)
      else if (status === 200 && paths[path].get.security.length > 0) allowed.push(path)
    }
    expect(allowed.toSorted()).toEqual(['/api/v1/second-factor', '/api/v1/session', '/api/v1/session/confirmation'])
    expect(refused.length).toBeGreaterThan(5)
    expect((await client.post('/app-passwords', { label: 'x', protocols: ['imap'] })).json.code).toBe(
      'second-factor-to-set-up',
    )
    expect((await signInOver(service, 'imaps', address, password)).said).toContain('[ALERT]')
    await addCodes()
    expect((await client.get('/profile')).status).toBe(200)
    expect((await client.delete('/second-factor/codes')).json.code).toBe('second-factor-is-required')
  })

  it('that is lost is reset by staff, and has to be added again', async () => {
    const principalId = await required()
    await addCodes()
    const found = (await staff.get(`/users/${principalId}/security`)).json
    expect(found).toMatchObject({ address, secondFactor: { isOn: true, isRequired: true } })
    expect((await client.delete(`/users/${principalId}/second-factor`)).json.code).toBe('not-allowed')
    expect((await staff.delete(`/users/${principalId}/second-factor`)).status).toBe(204)
    expect((await client.get('/session')).status).toBe(401)
    expect((await staff.delete(`/users/${principalId}/second-factor`)).json.code).toBe('no-second-factor')
    const { answer } = await firstStep()
    expect(answer.json.mustSetUpSecondFactor).toBe(true)
  })

  it('that is lost is reset on the command line', async () => {
    await addCodes()
    const done = await service.cli(['user', 'second-factor', 'reset', address])
    expect(done).toMatchObject({
      exitCode: 0,
      stdout: `removed the second factor of ${address}; the password is enough again\n`,
    })
    expect(await service.cli(['user', 'second-factor', 'reset', 'nobody@example.org'])).toMatchObject({ exitCode: 1 })
  })
})

describe('what is dangerous', () => {
  it('needs the session to be confirmed, which a wrong password does not', async () => {
    expect((await client.get('/session/confirmation')).json).toEqual({ methods: ['password'] })
    expect((await client.post('/session/confirmation', { password: 'wrong' })).json).toMatchObject({
      status: 403,
      code: 'wrong-password',
    })
    expect((await client.post('/session/confirmation', { password })).status).toBe(204)
    const { secret } = await addCodes()
    expect((await client.post('/session/confirmation', { code: codeOf(secret, 'ahead') })).status).toBe(204)
    const passkey = await addPasskey()
    const asked = (await client.post('/session/confirmation/passkey-options')).json
    const answer = { token: asked.token, response: passkey.get(asked.options) }
    expect((await client.post('/session/confirmation', { passkey: answer })).status).toBe(204)
    expect((await client.post('/session/confirmation', { passkey: answer })).json.code).toBe('second-step-refused')
  })
})

describe('the own password', () => {
  const change = (body: object) =>
    client.put('/password', { current: password, next: 'battery staple', endAppPasswords: false, ...body })

  it('is changed by who knows it, and ends the other sessions', async () => {
    const other = new ApiClient(service)
    await other.signIn(address, password)
    const { secret } = (await client.post('/app-passwords', { label: 'Phone', protocols: ['imap'] })).json
    expect((await change({ current: 'wrong' })).json).toMatchObject({
      code: 'wrong-password',
      errors: [{ field: 'current' }],
    })
    expect((await change({ next: password })).json).toMatchObject({ code: 'same-password' })
    expect((await change({ next: 'short' })).json).toMatchObject({ code: 'password-too-short' })
    expect((await change({})).status).toBe(204)
    expect((await other.get('/session')).status).toBe(401)
    expect((await client.get('/session')).status).toBe(200)
    expect((await signInOver(service, 'imaps', address, password)).ok).toBe(false)
    expect((await signInOver(service, 'imaps', address, 'battery staple')).ok).toBe(true)
    expect((await signInOver(service, 'imaps', address, secret)).ok).toBe(true)
    expect((await change({ current: 'battery staple', next: 'third password', endAppPasswords: true })).status).toBe(
      204,
    )
    expect((await signInOver(service, 'imaps', address, secret)).ok).toBe(false)
  })
})

describe('sessions', () => {
  it('are listed, ended one by one, and all but this one', async () => {
    const others = [new ApiClient(service), new ApiClient(service)]
    for (const other of others) await other.signIn(address, password)
    const { json } = await client.get('/sessions')
    expect(json).toHaveLength(3)
    expect(json.filter(({ isThisOne }: { isThisOne: boolean }) => isThisOne)).toHaveLength(1)
    const last = json[0]
    expect((await client.delete(`/sessions/${last.sessionId}`)).status).toBe(204)
    expect((await client.delete(`/sessions/${last.sessionId}`)).json.code).toBe('session-not-found')
    expect((await client.get('/sessions')).json).toHaveLength(2)
    expect((await client.delete('/sessions')).status).toBe(204)
    for (const other of others) expect((await other.get('/session')).status).toBe(401)
    expect((await client.get('/sessions')).json).toMatchObject([{ isThisOne: true }])
  })

  it('of somebody else are not there', async () => {
    const [{ sessionId }] = (await staff.get('/sessions')).json
    expect((await client.delete(`/sessions/${sessionId}`)).json.code).toBe('session-not-found')
    expect((await staff.get('/session')).status).toBe(200)
  })

  it('end at once where sign-in is disabled, with everything else that opens the mailbox', async () => {
    const { principalId } = (await client.get('/session')).json.principal
    const { secret } = (await client.post('/app-passwords', { label: 'Phone', protocols: ['imap'] })).json
    await staff.patch(`/users/${principalId}`, { signInEnabled: false })
    expect((await client.get('/session')).status).toBe(401)
    expect((await signInOver(service, 'imaps', address, secret)).ok).toBe(false)
    expect((await signInOver(service, 'imaps', address, password)).ok).toBe(false)
    await staff.patch(`/users/${principalId}`, { signInEnabled: true })
    expect((await client.get('/session')).status).toBe(401)
    expect((await signInOver(service, 'imaps', address, secret)).ok).toBe(true)
  })
})
