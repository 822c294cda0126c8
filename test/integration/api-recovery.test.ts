/** The external address and the forgotten password: who is told what, what a link is good for, and for how long. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { awaitMail, inboxOf, tokenIn } from './fixtures/inbox.ts'
import { type PanelIds, panelPassword, people, signedIn, startPanelService } from './fixtures/panel.ts'
import { signInOver } from './mail-sign-in.ts'
import type { Service } from './service.ts'

let service: Service
let ids: PanelIds
let owner: ApiClient
const stranger = () => new ApiClient(service)
const external = people.otherOwner

beforeAll(async () => {
  service = await startPanelService({}, async (store, known) => {
    ids = known
    await store.write('alias.set', { address: 'back@example.com', targets: [people.owner], at: 1 })
  })
  owner = await signedIn(service, 'owner')
})
afterAll(() => service.stop())

const confirmation = async (from = 0) =>
  tokenIn(await awaitMail(service, external, ({ text }) => text.includes('/confirm#'), from), 'confirm')

describe('the external address', () => {
  it.each([people.owner, `${people.owner.toUpperCase()}`, 'alice+tag@example.org', 'back@example.com'])(
    'is none that leads back: %s',
    async address => {
      const answer = await owner.put('/recovery-address', { address })
      expect(answer.json).toMatchObject({ status: 400, code: 'recovery-leads-back', errors: [{ field: 'address' }] })
    },
  )

  it.each(['nobody@example.com', 'no address', 'a@[192.0.2.1]', 'x@example.net\r\nBcc: y@example.net'])(
    'is one that can be written to: %j',
    async address => {
      expect((await owner.put('/recovery-address', { address })).json.code).toBe('invalid-recovery-address')
    },
  )

  it('counts once the link mailed there is clicked, and is masked where it is shown', async () => {
    const asked = await owner.put('/recovery-address', { address: external })
    expect(asked.json).toMatchObject({ address: null, confirmedAt: null, pending: { address: 'c•••@example.com' } })
    const token = await confirmation()
    const confirmed = await stranger().post('/recovery-address/confirm', { token })
    expect(confirmed.json).toEqual({ address: people.owner, recoveryAddress: 'c•••@example.com' })
    expect((await stranger().post('/recovery-address/confirm', { token })).json.code).toBe('link-over')
    expect((await owner.get('/recovery-address')).json).toMatchObject({ address: 'c•••@example.com', pending: null })
    const told = await awaitMail(service, people.owner, ({ subject }) => subject === 'Adresse externe modifiée')
    expect(told.text).toContain('c•••@example.com')
    const log = (await owner.get('/audit?action=recovery.')).text
    expect(log).toContain('recovery.confirm')
    expect(log).not.toContain(external)
  })

  it('waits for no click once there is another password: who had the former one may have asked for it', async () => {
    const asker = await signedIn(service, 'otherManager')
    const from = (await inboxOf(service, external)).length
    expect((await asker.put('/recovery-address', { address: external })).status).toBe(200)
    const token = await confirmation(from)
    const change = { current: panelPassword, next: 'another horse battery', endAppPasswords: false }
    expect((await asker.put('/password', change)).status).toBe(204)
    expect((await stranger().post('/recovery-address/confirm', { token })).json.code).toBe('link-over')
    expect((await asker.get('/recovery-address')).json).toEqual({ address: null, confirmedAt: null, pending: null })
  })

  it('is asked for so often and no more: anybody’s address can be typed', async () => {
    const neighbour = await signedIn(service, 'neighbour')
    const answers: number[] = []
    for (let i = 0; i < 6; i++)
      answers.push((await neighbour.put('/recovery-address', { address: `x${i}@example.net` })).status)
    expect(answers).toEqual([200, 200, 200, 200, 200, 429])
  })

  it('of others is for whoever administers them', async () => {
    const manager = await signedIn(service, 'manager')
    expect((await manager.get(`/users/${ids.owner}/recovery-address`)).status).toBe(200)
    for (const id of [ids.otherOwner, ids.staff, ids.otherManager])
      expect((await manager.put(`/users/${id}/recovery-address`, { address: external })).json.code).toBe(
        'user-not-found',
      )
  })

  it('of others is as much as their password: a token for the directory has it of nobody, no token that of its user or of the staff', async () => {
    const tokenOf = async (person: 'manager' | 'staff', scope: string) => {
      const made = await (await signedIn(service, person)).post('/tokens', {
        label: scope,
        scopes: [scope],
        expiresAt: null,
      })
      return { headers: { authorization: `Bearer ${made.json.secret}` } }
    }
    const body = { address: external }
    const directory = await tokenOf('staff', 'directory:write')
    const path = `/users/${ids.otherManager}/recovery-address`
    expect((await stranger().put(path, body, directory)).json.code).toBe('scope-missing')
    expect((await stranger().delete(path, directory)).json.code).toBe('scope-missing')
    const links = await tokenOf('manager', 'links:write')
    const own = `/users/${ids.manager}/recovery-address`
    expect((await stranger().put(own, body, links)).json.code).toBe('user-not-found')
    expect((await stranger().delete(own, links)).json.code).toBe('user-not-found')
    expect((await stranger().put(`/users/${ids.neighbour}/recovery-address`, body, links)).status).toBe(200)
    const ofStaff = await tokenOf('staff', 'links:write')
    const reading = await tokenOf('staff', 'directory:read')
    const wanted = { address: 'colleague@example.net', role: 'staff' }
    const colleague = (await (await signedIn(service, 'staff')).post('/users', wanted)).json.user.principalId
    for (const id of [ids.staff, colleague]) {
      const ofThem = `/users/${id}/recovery-address`
      expect((await stranger().put(ofThem, body, ofStaff)).json.code).toBe('user-not-found')
      expect((await stranger().delete(ofThem, ofStaff)).json.code).toBe('user-not-found')
      // To see it, masked, is no harm.
      expect((await stranger().get(ofThem, reading)).json).toMatchObject({ address: null })
    }
  })
})

describe('a forgotten password', () => {
  const changed = ({ subject }: { subject: string }) => subject.startsWith('Le mot de passe de')

  it('is answered alike, and as fast, for everyone and for nobody', async () => {
    const timed = async (work: () => Promise<{ status: number; text: string }>) => {
      const from = performance.now()
      const { status, text } = await work()
      return { answer: `${status} ${text}`, ms: performance.now() - from }
    }
    // The fastest of three, as many as are mailed an hour: a machine with other work is slow now and then.
    const ask = async (address: string) => {
      const tries = []
      for (let i = 0; i < 3; i++) tries.push(await timed(() => stranger().post('/password-reset', { address })))
      expect(new Set(tries.map(({ answer }) => answer))).toEqual(new Set(['204 ']))
      return Math.min(...tries.map(({ ms }) => ms))
    }
    const addresses = [people.neighbour, 'nobody@example.org', 'x@elsewhere.test', 'not an address']
    const wrong = { address: people.neighbour, password: 'wrong', remember: false }
    const verified = await timed(() => stranger().post('/session', wrong))
    expect(verified.answer).toMatch(/^401 /)
    // What is looked up and hashed and mailed comes after the answer: none takes as long as one verification of a password.
    for (const address of addresses) expect({ address, ms: await ask(address) }).toSatisfy(({ ms }) => ms < verified.ms)
  })

  it('is replaced through the link, once; sessions, app passwords and tokens end; both addresses are told', async () => {
    const { json: made } = await owner.post('/tokens', { label: 'CRM', scopes: ['account:read'], expiresAt: null })
    const headers = { authorization: `Bearer ${made.secret}` }
    expect((await stranger().get('/profile', { headers })).status).toBe(200)
    const before = (await inboxOf(service, external)).length
    expect((await stranger().post('/password-reset', { address: people.owner })).status).toBe(204)
    const mail = await awaitMail(service, external, ({ text }) => text.includes('/reset#'), before)
    expect(mail.text).toContain(`https://mail.facteur.test:${service.ports.https}/reset#`)
    const token = tokenIn(mail, 'reset')
    for (let i = 0; i < 3; i++) {
      await stranger().call('GET', '/reset')
      expect((await stranger().post('/password-reset/open', { token })).json).toMatchObject({
        address: people.owner,
        needsSecondFactor: false,
      })
    }
    const complete = (password: string) => stranger().post('/password-reset/complete', { token, password })
    expect((await complete('short')).json.code).toBe('password-too-short')
    const answers = await Promise.all([complete('one new password'), complete('two new passwords')])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 410])
    const password = answers[0]?.status === 204 ? 'one new password' : 'two new passwords'
    expect((await complete('three new passwords')).json.code).toBe('link-over')
    expect((await signInOver(service, 'imaps', people.owner, password)).ok).toBe(true)
    expect((await signInOver(service, 'imaps', people.owner, panelPassword)).ok).toBe(false)
    expect((await owner.get('/session')).status).toBe(401)
    expect((await stranger().get('/profile', { headers })).status).toBe(401)
    await awaitMail(service, external, changed, before)
    expect((await inboxOf(service, people.owner, password)).filter(changed)).toHaveLength(1)
    expect(JSON.stringify(service.log)).not.toContain(token)
  })

  it('goes nowhere but to the service’s own address, whatever host is asked', async () => {
    const before = (await inboxOf(service, external)).length
    await stranger().post('/password-reset', { address: people.owner }, { headers: { host: 'evil.example' } })
    const mail = await awaitMail(service, external, ({ text }) => text.includes('/reset#'), before)
    expect(mail.text).not.toContain('evil.example')
  })

  it('keeps what else signs in where that is wished', async () => {
    const before = (await inboxOf(service, external)).length
    await stranger().post('/password-reset', { address: people.owner })
    const token = tokenIn(await awaitMail(service, external, ({ text }) => text.includes('/reset#'), before), 'reset')
    const again = await new ApiClient(service).post('/password-reset/complete', {
      token,
      password: panelPassword,
      revokeOthers: false,
    })
    expect(again.status).toBe(204)
    await awaitMail(service, external, changed, before)
    const entries = (await (await signedIn(service, 'staff')).get('/audit?action=password.reset')).json.items
    expect(entries[0]).toMatchObject({ target: people.owner, via: 'link', after: { othersRevoked: false } })
  })

  it('mails no more than three links an hour for one address, in silence', async () => {
    const before = (await inboxOf(service, external)).length
    for (let i = 0; i < 4; i++)
      expect((await stranger().post('/password-reset', { address: people.owner })).status).toBe(204)
    await new Promise(resolve => setTimeout(resolve, 1_500))
    expect((await inboxOf(service, external)).length).toBe(before)
  })
})
