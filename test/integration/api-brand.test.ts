/** Brands over the API: whose is shown to whom, what a manager may take, and what a logo may be. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { type PanelIds, people, signedIn, startPanelService } from './fixtures/panel.ts'
import { png } from './fixtures/pictures.ts'
import type { Service } from './service.ts'

let service: Service
let ids: PanelIds
let staff: ApiClient
let manager: ApiClient

beforeAll(async () => {
  service = await startPanelService({}, async (_, known) => {
    ids = known
  })
  staff = await signedIn(service, 'staff')
  manager = await signedIn(service, 'manager')
})
afterAll(() => service.stop())

const own = (): string => `/brands/${ids.manager}`
const seenAt = async (host: string, client = new ApiClient(service)) =>
  (await client.get('/service', { headers: { host } })).json

describe('a brand', () => {
  it('is shown by host to strangers, and by domain to who is signed in', async () => {
    await staff.patch('/brands/service', {
      name: 'Courrier',
      primaryColour: '#1F6FEB',
      supportAddress: 'help@example.net',
    })
    const given = { name: 'Agence', supportAddress: 'help@example.org', hosts: ['Webmail.Example.org'] }
    expect((await manager.patch(own(), given)).json).toMatchObject({
      ...given,
      hosts: ['webmail.example.org'],
      primaryColour: null,
      owner: { principalId: ids.manager, address: people.manager },
      inherited: { name: 'Courrier', primaryColour: '#1f6feb', supportAddress: 'help@example.net' },
    })
    const agency = { name: 'Agence', supportAddress: 'help@example.org', colours: { primary: '#1f6feb' } }
    expect(await seenAt('localhost')).toMatchObject({ name: 'Courrier', supportAddress: 'help@example.net' })
    expect(await seenAt('WEBMAIL.example.org:8443')).toMatchObject(agency)
    expect(await seenAt('localhost', await signedIn(service, 'owner'))).toMatchObject(agency)
    expect(await seenAt('localhost', manager)).toMatchObject(agency)
    expect(await seenAt('webmail.example.org', await signedIn(service, 'otherOwner'))).toMatchObject({
      name: 'Courrier',
    })
    expect(await seenAt('webmail.example.org', staff)).toMatchObject({ name: 'Courrier' })
  })

  it('of the service has its name and support address in the settings', async () => {
    const { json } = await staff.get('/service/settings')
    const values = Object.fromEntries(json.items.map((item: { key: string; value: unknown }) => [item.key, item.value]))
    expect(values).toMatchObject({ name: 'Courrier', supportAddress: 'help@example.net' })
    await staff.patch('/service/settings', { name: 'Courrier 2' })
    expect((await staff.get('/brands/service')).json.name).toBe('Courrier 2')
  })

  it.each([
    ['another domain', 'panel.example.com', 403, 'host-not-yours'],
    ['a name that ends alike', 'badexample.org', 403, 'host-not-yours'],
    ['the service’s own name', 'mail.facteur.test', 409, 'host-taken'],
    ['an address', '192.0.2.1', 400, 'invalid-brand'],
    ['a name with a port', 'panel.example.org:8443', 400, 'invalid-brand'],
  ])('can not be at %s', async (_, host, status, code) => {
    const answer = await manager.patch(own(), { hosts: [host] })
    expect(answer.json).toMatchObject({ status, code, errors: [{ field: 'hosts' }] })
  })

  it('is listed for staff once a manager has made one', async () => {
    await manager.patch(own(), { name: 'Agence', hosts: ['mail.example.org'] })
    const { items } = (await staff.get('/brands')).json
    expect(items).toMatchObject([{ principalId: ids.manager, name: 'Agence', hosts: ['mail.example.org'] }])
    expect(items[0].address).toContain('@')
    expect((await manager.get('/brands')).json.code).toBe('not-allowed')
  })

  it('has a host that no other brand has', async () => {
    await staff.patch(own(), { hosts: ['webmail.example.org', 'mail.elsewhere.example'] })
    const refused = await staff.patch(`/brands/${ids.otherManager}`, { hosts: ['mail.elsewhere.example'] })
    expect(refused.json).toMatchObject({ status: 409, code: 'host-taken' })
    // What staff gave stays where the manager sends it along with the rest.
    const kept = { hosts: ['mail.elsewhere.example', 'webmail.example.org'], name: 'Agence' }
    expect((await manager.patch(own(), kept)).json).toMatchObject(kept)
  })

  it.each([
    [{ name: 'a\r\nBcc: x@example.org' }, 'name'],
    [{ supportAddress: 'help@example.org\r\nBcc: x@example.org' }, 'supportAddress'],
    [{ primaryColour: 'red;}body{display:none' }, 'primaryColour'],
    [{ logoUrl: 'https://elsewhere.example/x.png' }, 'logoUrl'],
  ])('refuses %o', async (change, field) => {
    expect((await manager.patch(own(), change)).json).toMatchObject({ status: 400, errors: [{ field }] })
  })

  it('is nobody else’s to see or change', async () => {
    const other = await signedIn(service, 'otherManager')
    for (const brand of [own(), `/brands/${ids.owner}`, '/brands/9999999']) {
      expect((await other.get(brand)).json.code).toBe('brand-not-found')
      expect((await other.patch(brand, { name: 'X' })).json.code).toBe('brand-not-found')
      expect((await other.put(`${brand}/logo`, { data: 'AAAA' })).json.code).toBe('brand-not-found')
      expect((await other.delete(`${brand}/logo`)).json.code).toBe('brand-not-found')
    }
  })

  it('of the service is for staff alone', async () => {
    const answers = [
      await manager.get('/brands/service'),
      await manager.patch('/brands/service', { name: 'X' }),
      await manager.put('/brands/service/logo', { data: 'AAAA' }),
      await manager.delete('/brands/service/logo'),
    ]
    expect(answers.map(({ json }) => json.code)).toEqual(Array(4).fill('not-allowed'))
  })
})

describe('a logo', () => {
  const send = (bytes: Buffer, client = manager) => client.put(`${own()}/logo`, { data: bytes.toString('base64') })

  it('is kept, served as what it is, and for good', async () => {
    const picture = png(200, 60)
    const { json } = await send(picture)
    expect(json.logoUrl).toMatch(/^\/api\/v1\/logos\/[\da-f]{64}$/)
    const { status, headers, bytes } = await new ApiClient(service).call('GET', json.logoUrl)
    expect(status).toBe(200)
    expect(bytes.equals(picture)).toBe(true)
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    })
    expect(await seenAt('webmail.example.org')).toMatchObject({ logoUrl: json.logoUrl })
    expect((await manager.delete(`${own()}/logo`)).json.logoUrl).toBeNull()
    expect((await new ApiClient(service).call('GET', json.logoUrl)).status).toBe(404)
  })

  it('of the service is not shown beside another name', async () => {
    const { json } = await staff.put('/brands/service/logo', { data: png(64, 64).toString('base64') })
    expect(await seenAt('localhost')).toMatchObject({ logoUrl: json.logoUrl })
    expect(await seenAt('webmail.example.org')).toMatchObject({ name: 'Agence', logoUrl: null })
  })

  it.each<[string, Buffer, number, string]>([
    ['of a script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 400, 'logo-type'],
    ['of a picture with a page behind it', Buffer.concat([png(20, 20), Buffer.from('<html>')]), 400, 'logo-type'],
    ['wider than anyone needs', png(2001, 20), 400, 'logo-size'],
    ['too low to be seen', png(20, 15), 400, 'logo-size'],
    ['heavier than it may be', Buffer.concat([png(20, 20), randomBytes(200_000)]), 413, 'logo-too-large'],
  ])('%s is refused', async (_, bytes, status, code) => {
    expect((await send(bytes)).json).toMatchObject({ status, code })
  })

  it('too large to be read at all is refused before', async () => {
    expect((await send(randomBytes(500_000))).json).toMatchObject({ status: 413, code: 'too-large' })
  })
})
