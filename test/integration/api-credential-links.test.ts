/** The life of a single-use link, from whoever makes it to whoever opens it, guesses at it, or comes second. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { awaitMail, tokenIn } from './fixtures/inbox.ts'
import { people, signedIn, startPanelService } from './fixtures/panel.ts'
import { signInOver } from './mail-sign-in.ts'
import type { Service } from './service.ts'

let service: Service
let staff: ApiClient
let manager: ApiClient
let owner: ApiClient
const stranger = () => new ApiClient(service)

beforeAll(async () => {
  service = await startPanelService()
  staff = await signedIn(service, 'staff')
  manager = await signedIn(service, 'manager')
  owner = await signedIn(service, 'owner')
})
afterAll(() => service.stop())

const tokenOf = (url: string): string => /#([\w-]{43})$/.exec(url)?.[1] ?? ''
async function make(client: ApiClient, body: object) {
  const { status, json } = await client.post('/credential-links', body)
  expect(status).toBe(201)
  return { ...json, token: tokenOf(json.url) }
}

describe('a link', () => {
  it('sets a password nobody has seen, reveals it once, and lets its holder choose another', async () => {
    const link = await make(manager, { address: people.neighbour })
    expect(link.url).toBe(`https://mail.facteur.test:${service.ports.https}/link#${link.token}`)
    expect(link).toMatchObject({ code: null, sentTo: null, address: people.neighbour })
    // The password before is over.
    expect((await stranger().signIn(people.neighbour, 'correct horse battery')).status).toBe(401)

    // A scanner of mail fetches the page and its scripts as often as it likes; one that runs them asks for the state.
    for (let i = 0; i < 3; i++) expect((await stranger().call('GET', '/link')).status).toBeLessThan(600)
    for (let i = 0; i < 3; i++) {
      const opened = await stranger().post('/link/open', { token: link.token })
      expect(opened.json).toEqual({ expiresAt: link.expiresAt, needsCode: false })
    }
    expect((await manager.get(`/credential-links/${link.linkId}`)).json).toMatchObject({
      state: 'waiting',
      openedCount: 3,
      openedAddress: '127.0.0.1',
      createdBy: people.manager,
    })

    const revealed = (await stranger().post('/link/reveal', { token: link.token })).json
    expect(revealed).toMatchObject({
      address: people.neighbour,
      servers: {
        imap: [{ host: 'mail.facteur.test', port: service.ports.imaps, security: 'tls' }],
        pop3: [{ port: service.ports.pop3s }],
        smtp: [{ port: service.ports.submissions }, { port: service.ports.submission }],
      },
    })
    expect(revealed.password).toMatch(/^(?:[a-z2-9]{5}-){3}[a-z2-9]{5}$/)
    expect((await signInOver(service, 'imaps', people.neighbour, revealed.password)).ok).toBe(true)
    expect((await stranger().post('/link/reveal', { token: link.token })).json).toMatchObject({
      status: 410,
      code: 'link-over',
    })
    expect((await stranger().post('/link/open', { token: link.token })).json.code).toBe('link-over')
    expect((await manager.get(`/credential-links/${link.linkId}`)).json).toMatchObject({
      state: 'revealed',
      revealedAddress: '127.0.0.1',
    })

    const choose = (password: string) => stranger().post('/link/password', { token: revealed.choose.token, password })
    expect((await choose('short')).json).toMatchObject({ code: 'password-too-short', errors: [{ field: 'password' }] })
    expect((await choose(people.neighbour.toUpperCase())).json).toMatchObject({ code: 'password-is-address' })
    expect((await choose('my own long password')).status).toBe(204)
    expect((await choose('another long password')).json.code).toBe('link-over')
    expect((await signInOver(service, 'imaps', people.neighbour, 'my own long password')).ok).toBe(true)
    expect((await signInOver(service, 'imaps', people.neighbour, revealed.password)).ok).toBe(false)
  })

  it('is won by one of two who come at once', async () => {
    const { token } = await make(staff, { address: people.neighbour })
    const answers = await Promise.all(Array.from({ length: 6 }, () => stranger().post('/link/reveal', { token })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 410, 410, 410, 410, 410])
  })

  it('is in no URL that is asked for, no log and no copy of the store', async () => {
    const { token, linkId } = await make(staff, { address: people.neighbour })
    await stranger().post('/link/open', { token })
    const { json } = await stranger().post('/link/reveal', { token })
    expect(JSON.stringify(service.log)).not.toContain(token)
    expect(JSON.stringify(service.log)).not.toContain(json.password)
    const audit = (await staff.get('/audit?action=link.')).text
    expect(audit).toContain(linkId)
    expect(audit).not.toContain(token)
    expect(audit).not.toContain(json.password)
  })

  it('is not to be guessed: what was never given out answers as what is over', async () => {
    const guess = await stranger().post('/link/reveal', { token: 'A'.repeat(43) })
    const { token } = await make(staff, { address: people.neighbour })
    await stranger().post('/link/reveal', { token })
    const over = await stranger().post('/link/reveal', { token })
    expect(guess.json).toEqual(over.json)
    expect(guess.status).toBe(410)
  })

  it('asks for its code, five times at the most, also of many at once', async () => {
    const { token, code, linkId } = await make(staff, { address: people.neighbour, codeDigits: 4 })
    expect(code).toMatch(/^\d{4}$/)
    expect((await stranger().post('/link/open', { token })).json.needsCode).toBe(true)
    expect((await stranger().post('/link/reveal', { token })).json).toMatchObject({ status: 403, code: 'wrong-code' })
    const wrong = ['0000', '1111', '2222', '3333', '4444', '5555', '6666', '7777'].filter(one => one !== code)
    const answers = await Promise.all(wrong.map(one => stranger().post('/link/reveal', { token, code: one })))
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(4)
    expect((await stranger().post('/link/reveal', { token, code })).json.code).toBe('link-over')
    expect((await staff.get(`/credential-links/${linkId}`)).json.state).toBe('revoked')
  })

  it('opens with its code, however it is spaced', async () => {
    const { token, code } = await make(staff, { address: people.neighbour, codeDigits: 6 })
    const spaced = `${code.slice(0, 3)} ${code.slice(3)}`
    expect((await stranger().post('/link/reveal', { token, code: spaced })).status).toBe(200)
  })

  it('is mailed where it is asked for, but not to the mailbox it opens', async () => {
    const link = await make(staff, { address: people.neighbour, sendTo: people.otherOwner, codeDigits: 4 })
    expect(link.sentTo).toBe(people.otherOwner)
    const mail = await awaitMail(service, people.otherOwner, ({ text }) => text.includes(link.token))
    expect(mail.subject).toBe(`Vos identifiants pour ${people.neighbour}`)
    expect(mail.text).not.toContain(link.code)
    expect((await stranger().post('/link/open', { token: tokenIn(mail, 'link') })).status).toBe(200)
    const again = await staff.post(`/credential-links/${link.linkId}/send`, { token: link.token, to: people.neighbour })
    expect(again.json.code).toBe('send-to-itself')
    const strange = await staff.post(`/credential-links/${link.linkId}/send`, {
      token: 'A'.repeat(43),
      to: people.otherOwner,
    })
    expect(strange.json.code).toBe('link-not-found')
    const self = await staff.post('/credential-links', { address: people.neighbour, sendTo: people.neighbour })
    expect(self.json.code).toBe('send-to-itself')
  })

  it.each(['eve@example.org\r\nBcc: x@example.org', 'a@example.org, b@example.org', '<a@example.org>'])(
    'goes to one address and no other: %j',
    async sendTo => {
      const answer = await staff.post('/credential-links', { address: people.neighbour, sendTo })
      expect(answer.json).toMatchObject({ status: 400, code: 'invalid-recipient' })
    },
  )

  it('is revoked, and made again for the same user, by a click', async () => {
    const first = await make(manager, { address: people.neighbour })
    const second = (await manager.post(`/credential-links/${first.linkId}/again`, {})).json
    expect((await stranger().post('/link/reveal', { token: first.token })).json.code).toBe('link-over')
    expect((await manager.post(`/credential-links/${second.linkId}/revoke`)).json.state).toBe('revoked')
    expect((await stranger().post('/link/reveal', { token: tokenOf(second.url) })).json.code).toBe('link-over')
    expect((await manager.post(`/credential-links/${second.linkId}/revoke`)).json.code).toBe('link-over')
  })

  it('is made again with a code where it had one, unless that is not wanted', async () => {
    const again = async (linkId: string, body: object) =>
      (await manager.post(`/credential-links/${linkId}/again`, body)).json
    const first = (await manager.post('/credential-links', { address: people.neighbour, codeDigits: 4 })).json
    const second = await again(first.linkId, {})
    expect(second.code).toMatch(/^\d{6}$/)
    expect((await again(second.linkId, { codeDigits: null })).code).toBeNull()
  })

  it('made twice with one key is one link', async () => {
    const headers = { 'idempotency-key': 'once' }
    const [one, two] = [
      await staff.post('/credential-links', { address: people.neighbour }, { headers }),
      await staff.post('/credential-links', { address: people.neighbour }, { headers }),
    ]
    expect(two.json).toEqual(one.json)
  })
})

describe('who may', () => {
  it('managers for owners in their domains alone; owners for nobody', async () => {
    for (const address of [people.otherOwner, people.staff, people.manager, 'nobody@example.org']) {
      const answer = await manager.post('/credential-links', { address })
      expect(answer.json).toMatchObject({ status: 404, code: 'user-not-found' })
    }
    expect((await owner.post('/credential-links', { address: people.owner })).json.code).toBe('not-allowed')
    const { linkId } = await make(staff, { address: people.otherOwner })
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/revoke'],
      ['POST', '/again'],
    ] as const) {
      const body = method === 'POST' ? { body: {} } : {}
      const answer = await manager.call(method, `/api/v1/credential-links/${linkId}${path}`, body)
      expect(answer.json).toMatchObject({ status: 404, code: 'link-not-found' })
    }
    const seen = (await manager.get('/credential-links?limit=200')).json.items
    expect(new Set(seen.map((item: { address: string }) => item.address))).toEqual(new Set([people.neighbour]))
    expect((await staff.get('/credential-links?limit=1&state=waiting')).json.items).toHaveLength(1)
  })

  it('a token makes none for its own user or another of the staff, which would open all that it leaves out', async () => {
    const wanted = { label: 'CRM', scopes: ['links:write'], expiresAt: null }
    const { secret } = (await staff.post('/tokens', wanted)).json
    const headers = { authorization: `Bearer ${secret}` }
    const make = (address: string) => stranger().post('/credential-links', { address }, { headers })
    const colleague = 'colleague@example.biz'
    expect((await staff.post('/users', { address: colleague, role: 'staff' })).status).toBe(201)
    for (const address of [people.staff, colleague])
      expect((await make(address)).json).toMatchObject({ status: 404, code: 'user-not-found' })
    expect((await make(people.neighbour)).status).toBe(201)
    const ofStaff = await staff.post('/credential-links', { address: people.staff })
    expect(ofStaff.status).toBe(201)
    const again = await stranger().post(`/credential-links/${ofStaff.json.linkId}/again`, {}, { headers })
    expect(again.json.code).toBe('user-not-found')
  })

  it('a link ends the sessions of whom it is for', async () => {
    await make(staff, { address: people.owner })
    expect((await owner.get('/session')).status).toBe(401)
  })
})
